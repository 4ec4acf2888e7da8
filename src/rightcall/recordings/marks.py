"""What somebody in the call says of a party: a child, somebody in distress, where they live, that they ask to be recorded.

Rules weigh it from that moment on, so the gates are settled anew; and each yes of the party is weighed anew. The ledger says that
something was marked and not what: these are facts about a person, and they go with the person's erasure.
"""

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.calls.model import Age, Marks, Party
from rightcall.consent.quality import actions as quality
from rightcall.controllers.rules import checked_jurisdiction
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import CallId, PartyId
from rightcall.ledger import actions as ledger
from rightcall.recordings import actions, store
from rightcall.recordings.model import Happening, TimelineEntry
from rightcall.recordings.statements import PartyMarked
from rightcall.recordings.tools import Tools


def mark(
    tx: Transaction,
    tools: Tools,
    *,
    call: CallId,
    party: PartyId,
    age: Age | None = None,
    in_distress: bool | None = None,
    asks_for_it: bool | None = None,
    residence: str | None = None,
    by: Actor,
) -> Party:
    """What is None stays as it was; an empty `residence` takes it back. NotFound where the party is not in this call."""
    actions.touch(tx, call)
    found = next((each for each in calls.parties(tx, call) if each.id == party), None)
    if found is None:
        raise NotFound("This call has no such party. Read the call to see who takes part.")
    was = found.marks
    marks = Marks(
        age=was.age if age is None else age,
        in_distress=was.in_distress if in_distress is None else in_distress,
        asks_for_it=was.asks_for_it if asks_for_it is None else asks_for_it,
        residence=was.residence if residence is None else (checked_jurisdiction(residence) if residence.strip() else None),
    )
    if marks == was:
        return found
    at = tools.clock.now()
    said = PartyMarked(at=at, controller=tx.of, call=call, party=party, actor=by.id, role=by.role)
    entry = TimelineEntry(at=at, kind=Happening.MARKED, party=party, by=by, statement=ledger.append(tx, said))
    store.insert_timeline(tx, call, [entry])
    marked = calls.mark(tx, party, marks)
    quality.reweigh_party(tx, tools.vault, tools.clock, party, by=by)
    return marked

"""Two people were taken for one, and somebody says who was in a call: all of it becomes theirs, keys too.

One deed in one transaction: the party, its grants, the evidence of its choices, what is held of it. From then on erasing the one
leaves it and erasing the other takes it. Choices and asks stay as they were made, and the ledger has both people's commitments.
What the ledger said before still opens with the first person's key as well, until that is destroyed: it holds no more than ids.
"""

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.consent import evidence
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.holdings import actions as holdings
from rightcall.ids import CallId, PartyId, StatementId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.recordings import store
from rightcall.recordings.statements import PartyAttributed
from rightcall.recordings.tools import Tools
from rightcall.subjects import actions as subjects


def attribute(tx: Transaction, tools: Tools, *, party: PartyId, to: SubjectId, by: Actor) -> Party:
    """The party is `to`, and so is every other party of its call that was taken for the same subject: somebody who came back.

    Being it already is fine. Conflict where either was erased, and where `to` stands for whoever it may be.
    """
    call = calls.party(tx, party).call
    store.lock_session(tx, call)
    found = calls.locked_party(tx, party)
    if found.subject == to:
        return found
    if subjects.get(tx, to).ambiguous:
        raise Conflict("That subject stands for somebody who is not known yet. Name the person, or split a new one off first.")
    for each in calls.parties(tx, call):
        if each.subject == found.subject:
            _attribute(tx, tools, each, to, by)
    holdings.attribute(tx, call, of=found.subject, to=to)
    return calls.party(tx, party)


def attribute_call(tx: Transaction, tools: Tools, call: CallId, *, of: SubjectId, to: SubjectId, by: Actor) -> None:
    """The same, for whoever in the call was taken for `of`. Conflict where nobody was."""
    party = next((each for each in calls.parties(tx, call) if each.subject == of), None)
    if party is None:
        raise Conflict("This subject takes no part in one of these calls. List the subject's calls and name only those.")
    attribute(tx, tools, party=party.id, to=to, by=by)


def _attribute(tx: Transaction, tools: Tools, party: Party, to: SubjectId, by: Actor) -> None:
    vault, id = tools.vault, StatementId(new_id())
    calls.locked_party(tx, party.id)
    grants = vault.move_grants(tx, party.id, of=party.subject, to=to)
    choices = evidence.attribute(tx, vault, party.id, of=party.subject, to=to)
    statement = PartyAttributed(
        at=tools.clock.now(),
        controller=tx.of,
        call=party.call,
        party=party.id,
        was=subjects.commitment(tx, vault, party.subject, id),
        subject=subjects.commitment(tx, vault, to, id),
        grants=grants,
        choices=choices,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, statement, id=id)
    calls.attribute(tx, tools.clock, party, to, id)

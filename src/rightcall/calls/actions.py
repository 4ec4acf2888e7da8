"""Calls as they happen: begun, joined, left, finished; and the trunks they come by."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.actors import PartyRole
from rightcall.calls import rules, store
from rightcall.calls.model import Call, Marks, NewTrunk, OwnedTrunk, Party, Trunk, TrunkId
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.database.together import beside
from rightcall.errors import Conflict, NotFound
from rightcall.ids import CallId, ControllerId, PartyId, StatementId, SubjectId, new_id
from rightcall.vault.actions import Vault


def add_trunk(system_tx: Transaction, clock: Clock, controller: ControllerId, new: NewTrunk) -> Trunk:
    """In a system transaction, since no two controllers may claim the same source and number: Conflict says so."""
    valid = rules.checked(new)
    trunk = Trunk(
        id=TrunkId(new_id()),
        name=valid.name,
        sources=valid.sources,
        called=valid.called,
        staff=valid.staff,
        undecided=valid.undecided,
        forbidden=valid.forbidden,
        default_region=valid.default_region,
        language=valid.language,
    )
    owned = OwnedTrunk(controller=controller, trunk=trunk)
    store.insert_trunk(system_tx, owned, clock.now())
    for source in trunk.sources:
        if not store.claim(system_tx, owned, source):
            raise Conflict(f"Another trunk takes calls from {source} to the same number already. Retire it, or name a number.")
    return trunk


def retire_trunk(system_tx: Transaction, clock: Clock, controller: ControllerId, trunk: TrunkId) -> None:
    """Calls by it are turned away from now on; its past calls keep pointing at it. Retired already is fine."""
    if not store.retire_trunk(system_tx, controller, trunk, clock.now()):
        raise NotFound("There is no such trunk. List the trunks to see their ids.")
    store.give_up_claims(system_tx, controller, trunk)


def trunks(tx: Transaction) -> list[Trunk]:
    """Those not retired."""
    return [owned.trunk for owned in store.living_trunks(tx)]


def trunk(tx: Transaction, trunk: TrunkId) -> Trunk:
    found = store.trunk_by_id(tx, trunk)
    if found is None:
        raise NotFound("There is no such trunk. List the trunks to see their ids.")
    return found


def trunk_for(system_tx: Transaction, source_ip: str, called_user: str) -> OwnedTrunk | None:
    """A trunk for this number before one for any; the narrowest network before a wider. None: a stranger."""
    return rules.best(store.living_trunks(system_tx), source_ip, called_user)


def group_of(tx: Transaction, vault: Vault, session_group: str) -> bytes:
    """The blind under which a recording client's session group is kept."""
    return vault.blind(tx, "calls.group", session_group)


def begin(
    tx: Transaction, clock: Clock, *, id: CallId | None = None, trunk: TrunkId | None = None, group: bytes | None = None
) -> Call:
    """`id`: where something was said about the call before it was written down."""
    call = Call(id=id or CallId(new_id()), trunk=trunk, started_at=clock.now(), ended_at=None, group=group)
    store.insert_call(tx, call)
    return call


def join(
    tx: Transaction, clock: Clock, *, call: CallId, subject: SubjectId, role: PartyRole, number_place: str | None = None
) -> Party:
    """Conflict where the call is over. Whoever joins again is a new party, and is asked anew."""
    if _found(store.lock_call(tx, call)).ended_at is not None:
        raise Conflict("This call is over, so nobody can join it. Begin a new call.")
    party = Party(
        id=PartyId(new_id()),
        call=call,
        subject=subject,
        role=role,
        joined_at=clock.now(),
        left_at=None,
        number_place=number_place,
    )
    store.insert_party(tx, party)
    return party


def mark(tx: Transaction, party: PartyId, marks: Marks) -> Party:
    """What somebody says of a party, in place of what was said before."""
    store.mark_party(tx, party, marks)
    return _found_party(store.party_by_id(tx, party))


def unmark(tx: Transaction, subject: SubjectId) -> None:
    """Nothing that was said of this person, and nothing that their number says, is kept with the parts they took."""
    store.unmark_subject(tx, subject)


def leave(tx: Transaction, clock: Clock, party: PartyId) -> Party:
    """Having left already is fine."""
    store.leave_party(tx, party, clock.now())
    return _found_party(store.party_by_id(tx, party))


def finish(tx: Transaction, clock: Clock, call: CallId) -> Call:
    """Everybody leaves. Finished already is fine."""
    if _found(store.lock_call(tx, call)).ended_at is None:
        store.finish_call(tx, call, clock.now())
        store.leave_all(tx, call, clock.now())
    return get(tx, call)


def get(tx: Transaction, call: CallId) -> Call:
    return _found(store.call_by_id(tx, call))


def party(tx: Transaction, party: PartyId) -> Party:
    return _found_party(store.party_by_id(tx, party))


def locked_party(tx: Transaction, party: PartyId) -> Party:
    """The party, and nobody else decides about it until this transaction ends."""
    return _found_party(store.lock_party(tx, party))


def attribute(tx: Transaction, clock: Clock, party: Party, to: SubjectId, statement: StatementId) -> None:
    """The party is this subject from now on; that it was taken for another stays, with the statement that says so."""
    store.attribute(tx, party, to, statement, clock.now())


def attributed_to(tx: Transaction, subject: SubjectId) -> list[PartyId]:
    """The parties that are this subject, and were first taken for another."""
    return store.attributed_to(tx, subject)


def parties(tx: Transaction, call: CallId) -> list[Party]:
    """In the order they joined, those who left too."""
    get(tx, call)
    return store.parties_of_call(tx, call)


def together(tx: Transaction, calls: Sequence[CallId]) -> dict[CallId, tuple[Call, list[Party]]]:
    """Several at once, each with its parties in the order they joined. NotFound where one is not there."""
    with beside(tx) as ask:
        found = ask(lambda tx: store.calls_among(tx, calls))
        present = ask(lambda tx: parties_of_each(tx, calls))
    return {id: (_found(found.value.get(id)), present.value[id]) for id in calls}


def parties_of_each(tx: Transaction, calls: Sequence[CallId]) -> dict[CallId, list[Party]]:
    """Of several calls that are known already: in the order they joined, those who left too."""
    there: dict[CallId, list[Party]] = {id: [] for id in calls}
    for party in store.parties_of_calls(tx, calls):
        there[party.call].append(party)
    return there


def active(tx: Transaction, after: CallId | None = None, limit: int | None = 100) -> list[Call]:
    """Calls not finished, oldest first, beginning after `after`. `limit` None: all of them."""
    return store.active_calls(tx, after, limit)


def every(tx: Transaction, after: CallId | None = None, limit: int = 100) -> list[Call]:
    """All calls, oldest first, beginning after `after`."""
    return store.calls(tx, after, limit)


def of_subject(tx: Transaction, subject: SubjectId) -> list[Party]:
    """Every part this subject took in any call, oldest first."""
    return store.parties_of_subject(tx, subject)


def attended_since(tx: Transaction, subject: SubjectId, since: datetime) -> list[CallId]:
    """The calls that this subject was in then, or came into later. In the same time however many there were before."""
    return store.calls_attended_since(tx, subject, since)


def same_group(tx: Transaction, group: bytes) -> list[CallId]:
    """The calls that are legs of one conversation, oldest first."""
    return store.calls_of_group(tx, group)


def _found(call: Call | None) -> Call:
    if call is None:
        raise NotFound("There is no such call. List the calls to see their ids.")
    return call


def _found_party(party: Party | None) -> Party:
    if party is None:
        raise NotFound("There is no such party. Look at the call to see who takes part.")
    return party

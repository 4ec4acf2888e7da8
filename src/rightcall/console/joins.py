"""Two subjects that may be one person: what speaks for and against it; joined, told apart, and a join undone. Nothing is moved by
a join, so that it is undone exactly."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, one_of
from rightcall.console.links import REASONS
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.console.tables import walk_of
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table, View
from rightcall.discovery.joins import actions as proposals
from rightcall.discovery.joins import doubt
from rightcall.discovery.joins.model import JoinProposal, ProposalState
from rightcall.discovery.linking.model import LinkReason
from rightcall.discovery.linking.wording import says
from rightcall.errors import Malformed
from rightcall.ids import JoinProposalId, StatementId, SubjectId
from rightcall.requests import carried
from rightcall.staff.model import Deed
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Join, JoinReason, Limit

router = APIRouter(prefix="/console/joins")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_LINKS))]
Joining = Annotated[Inside, Depends(sending(Deed.JOIN_SUBJECT))]
_A_PAGE = 20
_HERE = "/console/joins"
JOIN_REASONS: Mapping[JoinReason, str] = {
    JoinReason.LINKS_AGREE: "What is known of both agrees",
    JoinReason.PERSON_SAID_SO: "The person said so",
    JoinReason.SEEN_IN_SOURCE: "Seen in the system itself",
    JoinReason.ENTERED_TWICE: "They were entered twice",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`join`: what came of it, where it was accepted. `held`: what one of the two wants of the use of their data, which
    counts for the other until it is decided. `carried`: whom the join left it standing for without a request of theirs."""

    proposal: JoinProposal
    join: Join | None
    held: frozenset[Limit]
    carried: Collection[SubjectId]


_PROPOSED: Table[Listed] = Table(
    file="who-may-be-one-person",
    page=_A_PAGE,
    columns=(
        Column("subject", "Person", lambda each: str(each.proposal.subject), is_sorted=False),
        Column("other", "May be", lambda each: str(each.proposal.other), is_sorted=False),
        Column("likely", "How likely", lambda each: each.proposal.score, is_sorted=False),
        Column("proposed", "Proposed", lambda each: each.proposal.proposed_at, is_sorted=False),
        Column("held", "Not used until decided", lambda each: ", ".join(sorted(each.held)), is_sorted=False),
        Column("kept_out", "Cannot sign in", lambda each: int(each.proposal.keeps_out), is_number=True, is_sorted=False),
    ),
)


@router.get("")
def list_proposals(request: Request, who: Looking, state: Annotated[ProposalState, Query()] = ProposalState.WAITING) -> Response:
    """In the order in which they were made."""
    return answered(request, "joins", who, **_listed(request, who, state), filled=EMPTY)


@router.post("/new")
def join(request: Request, who: Joining, filled: Sent, subject: Annotated[UUID, Query()]) -> Response:
    """Somebody whom nothing proposes is the same person."""

    def deed(tx: Transaction) -> object:
        other, reason = SubjectId(filled.read("other", _id)), filled.read("reason", one_of(JoinReason))
        house = who.house
        return proposals.join(tx, house.vault, house.clock, other, into=SubjectId(subject), reason=reason, by=who.actor)

    return _decided(request, who, deed, back=f"/console/people/{subject}#same")


@router.post("/{proposal}/accept")
def accept(request: Request, who: Joining, proposal: UUID, filled: Sent) -> Response:
    """They are one person: the older subject stands for it."""

    def deed(tx: Transaction) -> object:
        reason, house = filled.read("reason", one_of(JoinReason)), who.house
        return proposals.accept(tx, house.vault, house.clock, JoinProposalId(proposal), reason=reason, by=who.actor)

    return _decided(request, who, deed)


@router.post("/{proposal}/refuse")
def refuse(request: Request, who: Joining, proposal: UUID, filled: Sent) -> Response:
    """They are two people. Not proposed again as long as both say the same."""

    def deed(tx: Transaction) -> object:
        reason, house = filled.read("why", one_of(LinkReason)), who.house
        return proposals.refuse(tx, house.vault, house.clock, JoinProposalId(proposal), reason=reason, by=who.actor)

    return _decided(request, who, deed)


@router.post("/{join}/undo")
def undo(request: Request, who: Joining, join: UUID) -> Response:
    """They are two people again, each with what it had and what came to it since."""

    def deed(tx: Transaction) -> object:
        return proposals.undo(tx, who.house.clock, StatementId(join), by=who.actor)

    return _decided(request, who, deed, back="/console/joins?state=accepted")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Malformed("This is no id of somebody. Copy it as it stands at the head of their page.") from None


def _decided(request: Request, who: Inside, deed: Callable[[Transaction], object], *, back: str = _HERE) -> Response:
    try:
        who.run(deed)
    except MENDABLE as error:
        given = _listed(request, who, ProposalState.WAITING)
        return html(page(request, "joins", who, **given, filled=Filled(says=str(error))), status=422)
    return onwards(back)


def _listed(request: Request, who: Inside, state: ProposalState) -> dict[str, object]:
    def fetch(asked: View, limit: int) -> list[Listed]:
        last = walk_of(asked).id
        return who.run(lambda tx: _page(tx, state, None if last is None else JoinProposalId(last), limit))

    found = _PROPOSED.behind(fetch, lambda each: each.proposal.id, request.query_params)
    waiting, kept_out = who.run(lambda tx: (proposals.count_waiting(tx), proposals.count_kept_out(tx)))
    said: Mapping[StrEnum, str] = {**dict(JOIN_REASONS.items()), **dict(REASONS.items())}
    return {
        "listing": found,
        "waiting": waiting,
        "kept_out": kept_out,
        "state": state,
        "states": list(ProposalState),
        "says": says,
        "join_reasons": [(each.value, text) for each, text in JOIN_REASONS.items()],
        "reasons": [(each.value, text) for each, text in REASONS.items()],
        "words": said,
    }


def _page(tx: Transaction, state: ProposalState, after: JoinProposalId | None, limit: int) -> list[Listed]:
    found = proposals.page(tx, state=state, after=after, limit=limit)
    held = doubt.held_by(tx, found)
    joins = {each.id: joining.get_join(tx, each.join) for each in found if each.join is not None}
    left = {id: carried.carried_by(tx, join) for id, join in joins.items() if join.undone_at is not None}
    return [
        Listed(proposal=each, join=joins.get(each.id), held=held.get(each.id, frozenset()), carried=left.get(each.id, ()))
        for each in found
    ]

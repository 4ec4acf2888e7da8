"""Two subjects that may be one person: proposed with what speaks for it, decided by the DPO, and undone like every join."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Limit, Shape
from rightcall.api.links import ComparedShape
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import actions as proposals
from rightcall.discovery.joins import doubt
from rightcall.discovery.joins.model import JoinProposal, ProposalState
from rightcall.discovery.linking.model import LinkReason
from rightcall.discovery.linking.wording import says
from rightcall.ids import JoinProposalId
from rightcall.staff.model import Deed
from rightcall.subjects.model import JoinReason
from rightcall.subjects.model import Limit as Wanted

router = APIRouter(prefix="/join-proposals", tags=["links"])
SeeDoor = Annotated[Door, Depends(door_for(Deed.SEE_LINKS))]
JoinDoor = Annotated[Door, Depends(door_for(Deed.JOIN_SUBJECT))]


class ProposalShape(Shape):
    """`other` may be the person that `subject` is. `score`: the probability; `says`: what speaks for and against it, in words.
    `join`: what came of it, where it was accepted; by it the join is undone. `keeps_out`: no code is sent to a number or address
    by which both are known, so neither can sign in that way until it is decided. `held`: what one of the two wants of the use of
    their data, which counts for the other as well until it is decided."""

    id: UUID
    subject: UUID
    other: UUID
    state: ProposalState
    score: float
    says: list[str]
    keeps_out: bool
    held: list[Wanted]
    compared: list[ComparedShape]
    proposed_at: datetime
    decided_by: ActorShape | None
    decided_at: datetime | None
    reason: JoinReason | LinkReason | None
    join: UUID | None


class AcceptForm(Form):
    reason: JoinReason = JoinReason.LINKS_AGREE


class RefuseForm(Form):
    reason: LinkReason


@router.get("")
def list_proposals(
    door: SeeDoor,
    state: Annotated[ProposalState | None, Query(description="`waiting` waits for the DPO.")] = None,
    after: Annotated[UUID | None, Query(description="`next` of the list before.")] = None,
    limit: Limit = 100,
) -> Items[ProposalShape]:
    """The proposals in the order in which they were made."""

    def deed(tx: Transaction) -> Items[ProposalShape]:
        start = None if after is None else JoinProposalId(after)
        found = proposals.page(tx, state=state, after=start, limit=limit)
        return Items(items=_shapes(tx, found), next=found[-1].id if len(found) == limit else None)

    return door.run(deed)


@router.get("/{proposal}")
def get_proposal(door: SeeDoor, proposal: UUID) -> ProposalShape:
    """One proposal."""
    return door.run(lambda tx: _shapes(tx, [proposals.get(tx, JoinProposalId(proposal))])[0])


@router.post("/{proposal}/accept")
def accept_proposal(door: JoinDoor, proposal: UUID, form: AcceptForm) -> ProposalShape:
    """They are one person: the older subject stands for it, nothing moves, and `POST /joins/{join}/undo` undoes it. 409 where it
    does not wait any more, or either cannot be joined."""

    def deed(tx: Transaction) -> ProposalShape:
        house, id = door.house, JoinProposalId(proposal)
        return _shapes(tx, [proposals.accept(tx, house.vault, house.clock, id, reason=form.reason, by=door.actor)])[0]

    return door.run(deed)


@router.post("/{proposal}/refuse")
def refuse_proposal(door: JoinDoor, proposal: UUID, form: RefuseForm) -> ProposalShape:
    """They are two people. Not proposed again as long as both say the same."""

    def deed(tx: Transaction) -> ProposalShape:
        house, id = door.house, JoinProposalId(proposal)
        return _shapes(tx, [proposals.refuse(tx, house.vault, house.clock, id, reason=form.reason, by=door.actor)])[0]

    return door.run(deed)


def _shapes(tx: Transaction, found: Sequence[JoinProposal]) -> list[ProposalShape]:
    held = doubt.held_by(tx, found)
    return [_shape(each, held.get(each.id, frozenset())) for each in found]


def _shape(proposal: JoinProposal, held: frozenset[Wanted]) -> ProposalShape:
    return ProposalShape(
        id=proposal.id,
        subject=proposal.subject,
        other=proposal.other,
        state=proposal.state,
        score=proposal.score,
        says=says(proposal.compared),
        keeps_out=proposal.keeps_out,
        held=sorted(held),
        compared=[ComparedShape.model_validate(each) for each in proposal.compared],
        proposed_at=proposal.proposed_at,
        decided_by=ActorShape.of(proposal.decided_by),
        decided_at=proposal.decided_at,
        reason=proposal.reason,
        join=proposal.join,
    )

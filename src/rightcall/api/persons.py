"""Subjects that are one person, and the joins that say so. Proposals of joins are in `joins`."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Shape
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import actions as proposals
from rightcall.ids import StatementId, SubjectId
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Join, JoinReason

router = APIRouter(tags=["links"])
JoinDoor = Annotated[Door, Depends(door_for(Deed.JOIN_SUBJECT))]


class JoinForm(Form):
    """`into`: the subject that stands for the person from now on."""

    into: UUID
    reason: JoinReason


class JoinShape(Shape):
    id: UUID
    subject: UUID
    into: UUID
    reason: JoinReason
    by: ActorShape
    joined_at: datetime
    undone_at: datetime | None


class PersonShape(Shape):
    """`subjects`: all that are this person, the one that stands for it first. `joins`: undone ones too."""

    subjects: list[UUID]
    joins: list[JoinShape]


@router.get("/subjects/{subject}/person")
def get_person(door: Annotated[Door, Depends(door_for(Deed.SEE_SUBJECT))], subject: UUID) -> PersonShape:
    """All subjects that are the same person as this one, and the joins that say so."""

    def deed(tx: Transaction) -> PersonShape:
        id = subjects.get(tx, SubjectId(subject)).id
        return PersonShape(subjects=list(joining.person(tx, id)), joins=[_join(each) for each in joining.joins_of(tx, id)])

    return door.run(deed)


@router.post("/subjects/{subject}/join", status_code=201)
def join_subject(door: JoinDoor, subject: UUID, form: JoinForm) -> JoinShape:
    """This subject is the person that `into` is. Nothing moves, so it can be undone exactly; erasing one erases both. 409 where
    they are one already, or either was erased."""

    def deed(tx: Transaction) -> JoinShape:
        made = proposals.join(
            tx,
            door.house.vault,
            door.house.clock,
            SubjectId(subject),
            into=SubjectId(form.into),
            reason=form.reason,
            by=door.actor,
        )
        return _join(made)

    return door.run(deed)


@router.post("/joins/{join}/undo")
def undo_join(door: JoinDoor, join: UUID) -> JoinShape:
    """They are two people again. Again is fine."""
    return door.run(lambda tx: _join(proposals.undo(tx, door.house.clock, StatementId(join), by=door.actor)))


def _join(join: Join) -> JoinShape:
    return JoinShape(
        id=join.id,
        subject=join.subject,
        into=join.into,
        reason=join.reason,
        by=ActorShape.model_validate(join.by),
        joined_at=join.joined_at,
        undone_at=join.undone_at,
    )

"""Statements of whether anything is held under an identifier, for whoever shows that it is theirs, or for whom the DPO answers.

Nobody learns of a stranger whether they are a customer: a code goes to the identifier itself, known or not, and only who reads
it back is told. The answers look the same whatever they say.
"""

import logging
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends
from fastapi.responses import Response

from rightcall.api.codes import CodeForm, CodeShape, have_sent
from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Line, Shape
from rightcall.api.problems import Refusal
from rightcall.api.receipts import FILE, PENDING, awaited, handed
from rightcall.api.subjects import IdentifierForm, identifier_of
from rightcall.database.connection import Transaction
from rightcall.errors import StillWorking
from rightcall.evidence import attesting
from rightcall.evidence.attestation import AttestationId, ShownBy
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.model import NotYet
from rightcall.personal import Personal
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import CodeId
from rightcall.requests.model import ProofRefusal
from rightcall.requests.proving import REFUSED
from rightcall.staff.model import Deed

router = APIRouter(prefix="/attestations", tags=["attestations"])
_log = logging.getLogger(__name__)


class AttestationForm(Form):
    """No certificate of an erasure is tied to it: by whom it was had is forgotten. That one is checked by itself."""

    identifier: IdentifierForm


class AttestByCodeForm(AttestationForm):
    digits: Line


class AttestForForm(AttestationForm):
    """`shown_by`: how you know that the asker may: you recognised them as the law wants it, an audit, an authority. That a code
    was read back is nobody's word."""

    shown_by: Literal[ShownBy.VOUCHED, ShownBy.AUDIT, ShownBy.AUTHORITY]


class AttestationShape(Shape):
    """`is_held`: something is held under it, or is not shown to be gone everywhere yet. `opening` shows, with the file, whose
    identifier it is about. It is handed out this once, and kept nowhere."""

    id: UUID
    is_held: bool
    opening: str
    file: str


@router.post("/codes", status_code=202)
def make_code(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], form: CodeForm, later: BackgroundTasks) -> CodeShape:
    """Have a one-time code sent to a telephone number or an e-mail address, whether anybody is known by it or not. It shows that
    whoever reads it back has it in hand, and nothing else."""
    return have_sent(door, codes.make_for_anyone, form, later)


@router.post("/codes/{code}", status_code=201)
def attest_by_code(
    door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], code: UUID, form: AttestByCodeForm
) -> AttestationShape:
    """Whether anything is held under the identifier, for whoever reads back the code that was sent to it. 403 where it is not
    right, whatever the reason."""
    house, identifier = door.house, identifier_of(form.identifier)

    def deed(tx: Transaction) -> AttestationShape | None:
        if not codes.shows(tx, house.vault, house.clock, CodeId(code), Personal(form.digits), identifier):
            return None
        return _attest(door, tx, form, ShownBy.CODE)

    answer = door.run(deed)
    if answer is None:
        _log.warning("an attestation was refused: its one-time code is not right")
        why = ProofRefusal.WRONG_CODE
        raise Refusal("proof-refused", "It does not show who asks", 403, REFUSED[why], why=why.value)
    return answer


@router.post("", status_code=201)
def attest(door: Annotated[Door, Depends(door_for(Deed.VOUCH))], form: AttestForForm) -> AttestationShape:
    """The same on your word, for an audit, an authority, or somebody who showed you who they are. The ledger says whose word it
    was."""
    return door.run(lambda tx: _attest(door, tx, form, form.shown_by))


@router.get("/{attestation}", responses=FILE, response_class=Response)
def get_attestation(door: Annotated[Door, Depends(door_for(Deed.SEE_RECEIPT))], attestation: UUID) -> Response:
    """The statement with its proof, as a file that anyone can check. Without the opening it tells nobody whose identifier it is
    about."""
    key, id = key_of(door.house.signer), AttestationId(attestation)
    found = awaited(door, lambda tx: attesting.attestation(tx, id, key=key))
    if isinstance(found, NotYet):
        raise StillWorking(PENDING)
    return handed(found, f"attestation-{attestation}.json")


def _attest(door: Door, tx: Transaction, form: AttestationForm, shown_by: ShownBy) -> AttestationShape:
    found = attesting.attest(
        tx,
        door.house.vault,
        door.house.clock,
        identifier_of(form.identifier),
        shown_by=shown_by,
        by=door.actor,
    )
    file = f"/api/v1/attestations/{found.id}"
    return AttestationShape(id=found.id, is_held=found.is_held, opening=found.opening.hex(), file=file)

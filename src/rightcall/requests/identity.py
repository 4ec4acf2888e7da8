"""How sure it has to be who asks: in proportion to what is asked, never by collecting more than is on file (Art. 12(6), 5(1)(c)).

Pure. Nobody is asked for a copy of a passport: every proof rests on what the controller has already, or on somebody's word that
is written down with their name.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from rightcall.actors import Role
from rightcall.requests.model import Behalf, MandateEvidence, Missing, ProofKind, ProofRefusal, Request, RequestKind
from rightcall.staff.model import Deed
from rightcall.staff.rules import MAY


class Strength(IntEnum):
    """`likely`: somebody else would have to forge a number or an address. `sure`: they would have to have the person's telephone,
    mailbox, receipt or account."""

    LIKELY = 1
    SURE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How strong a proof has to be, and why. `of_the_dpo`: where it rests on somebody's word, it is the DPO's."""

    strength: Strength
    why: str
    of_the_dpo: bool = False


_PROTECTS = (
    "It only ever protects the person, and nothing is handed out. A yes is taken back as easily as given (GDPR Art. 7(3))."
)
_HANDS_OUT = "What is held would be handed to a stranger, or changed by one."
_DESTROYS = "Nothing brings back what is destroyed, so one colleague's word alone does not start it."
COPIES = frozenset({RequestKind.ACCESS, RequestKind.PORTABILITY})
"""What is answered before the same person is erased."""
WHOLE = COPIES | {RequestKind.ERASURE}
"""What has to find everything that is about the person."""
NEEDS: Mapping[RequestKind, Need] = {
    RequestKind.WITHDRAWAL: Need(strength=Strength.LIKELY, why=_PROTECTS),
    RequestKind.OBJECTION: Need(strength=Strength.LIKELY, why=_PROTECTS),
    RequestKind.RESTRICTION: Need(strength=Strength.LIKELY, why=_PROTECTS),
    RequestKind.ACCESS: Need(strength=Strength.SURE, why=_HANDS_OUT),
    RequestKind.PORTABILITY: Need(strength=Strength.SURE, why=_HANDS_OUT),
    RequestKind.RECTIFICATION: Need(strength=Strength.SURE, why=_HANDS_OUT),
    RequestKind.ERASURE: Need(strength=Strength.SURE, why=_DESTROYS, of_the_dpo=True),
}
_STRENGTH: Mapping[ProofKind, Strength] = {
    ProofKind.RECOGNISED: Strength.LIKELY,
    ProofKind.CALL_BACK: Strength.SURE,
    ProofKind.CODE: Strength.SURE,
    ProofKind.RECEIPT: Strength.SURE,
    ProofKind.SIGNED_IN: Strength.SURE,
    ProofKind.VOUCHED: Strength.SURE,
}
_ANSWERS_FOR_IT = MAY[Deed.VOUCH] | {Role.SYSTEM}
WORDS = frozenset({ProofKind.RECOGNISED, ProofKind.CALL_BACK, ProofKind.SIGNED_IN, ProofKind.VOUCHED})
"""Proofs that are somebody's word; the others show themselves."""
_FITS: Mapping[Behalf, frozenset[MandateEvidence]] = {
    Behalf.SELF: frozenset(),
    Behalf.PARENT: frozenset({MandateEvidence.BIRTH_RECORD, MandateEvidence.CUSTODY_RECORD, MandateEvidence.COURT_ORDER}),
    Behalf.REPRESENTATIVE: frozenset(
        {MandateEvidence.POWER_OF_ATTORNEY, MandateEvidence.SIGNED_PERMISSION, MandateEvidence.COURT_ORDER}
    ),
}


def refusal_of(kind: RequestKind, proof: ProofKind, role: Role) -> ProofRefusal | None:
    """Why this proof is not taken for this kind, given by somebody of this role; None where it is."""
    need = NEEDS[kind]
    if proof is ProofKind.VOUCHED and role not in _ANSWERS_FOR_IT:
        return ProofRefusal.NOT_YOUR_WORD
    if _STRENGTH[proof] < need.strength:
        return ProofRefusal.TOO_WEAK
    if need.of_the_dpo and proof in WORDS and role not in _ANSWERS_FOR_IT:
        return ProofRefusal.NOT_YOUR_WORD
    return None


def proof_unless_said(role: Role, behalf: Behalf) -> ProofKind | None:
    """What entering a request says of who asks, where nothing is said: the DPO, and the system for the DPO, answer for it. Of
    somebody who asks for another, nothing."""
    return ProofKind.VOUCHED if role in _ANSWERS_FOR_IT and behalf is Behalf.SELF else None


def fits(behalf: Behalf, evidence: MandateEvidence) -> bool:
    return evidence in _FITS[behalf]


def missing(
    request: Request, *, today: date, also: Collection[RequestKind], is_erased: bool = False, doubtful: int = 0
) -> tuple[Missing, ...]:
    """What this request waits for. `also`: what else the person asks for that is ready, and is not answered. `is_erased`: they
    are being erased. `doubtful`: so many records may be about them. Whoever has not shown who they are is told neither."""
    found = []
    if request.proof is None:
        found.append(Missing.IDENTITY)
    if request.behalf is not Behalf.SELF and (request.mandate_until is None or request.mandate_until < today):
        found.append(Missing.MANDATE)
    if not found and is_erased:
        found.append(Missing.ERASURE_FIRST)
    if not found and request.kind in WHOLE and doubtful > request.without:
        found.append(Missing.DOUBTFUL_RECORDS)
    if request.kind is RequestKind.ERASURE and not COPIES.isdisjoint(also):
        found.append(Missing.ACCESS_FIRST)
    if request.kind is RequestKind.ERASURE and RequestKind.RESTRICTION in also:
        found.append(Missing.RESTRICTION_FIRST)
    return tuple(found)

"""Who asks is shown, and then nothing is missing: a request is ready, and what was asked is done from then on.

Until then nothing of it is done, whoever asks. A proof that is not taken is written down with its reason, in the ledger too.
"""

from collections.abc import Mapping, Sequence

from rightcall.actors import SYSTEM, Actor
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import actions as joins
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict, Malformed
from rightcall.evidence.receipt_holder import holder_of
from rightcall.ids import ErasureId, RequestId, SubjectId
from rightcall.personal import Personal
from rightcall.requests import identity, limiting, store
from rightcall.requests.codes.actions import spend
from rightcall.requests.codes.model import CodeId
from rightcall.requests.course import store as course
from rightcall.requests.model import (
    Answered,
    Behalf,
    DenialGround,
    Mandate,
    Missing,
    ProofKind,
    ProofRefusal,
    Request,
    RequestKind,
    Stage,
    Step,
)
from rightcall.requests.record import answer, get, step
from rightcall.requests.rules import check_open
from rightcall.requests.statements import ProofRefused, RequestMandated, RequestProved, RequestPutBack, RequestReady
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault

_WHO = "requests.mandate_who"
_UNSHOWN = {Missing.IDENTITY: DenialGround.IDENTITY_IN_DOUBT, Missing.MANDATE: DenialGround.NO_MANDATE}


def prove(tx: Transaction, clock: Clock, request: RequestId, *, proof: ProofKind, by: Actor) -> ProofRefusal | None:
    """Somebody's word for who asks. None where it is taken; else why not, which is written down. Malformed for a proof that is
    no word."""
    if proof not in identity.WORDS:
        raise Malformed("A code or a receipt is shown, and nobody's word stands for it. Send it to its own address.")
    return _weigh(tx, clock, request, proof, by)


def prove_by_receipt(
    tx: Transaction, clock: Clock, request: RequestId, *, file: bytes, key: str, by: Actor
) -> ProofRefusal | None:
    """The receipt of a choice, as the person holds it, checked against the ledger's `key`. It counts where it is bound to the
    person by its opening."""
    found = get(tx, request)
    held_by = holder_of(file, key, tx.of)
    if held_by is None:
        return _refuse(tx, clock, request, ProofKind.RECEIPT, ProofRefusal.NOT_GENUINE, by)
    return prove_shown(tx, clock, found, proof=ProofKind.RECEIPT, whose=held_by, by=by)


def prove_shown(
    tx: Transaction, clock: Clock, request: Request, *, proof: ProofKind, whose: SubjectId, by: Actor
) -> ProofRefusal | None:
    """Something was shown that is `whose`. It counts where that is the person who asks."""
    if whose not in joining.person(tx, request.subject):
        return _refuse(tx, clock, request.id, proof, ProofRefusal.NOT_THEIRS, by)
    return _weigh(tx, clock, request.id, proof, by)


def prove_by_code(
    tx: Transaction, vault: Vault, clock: Clock, request: RequestId, *, code: CodeId, digits: Personal[str], by: Actor
) -> ProofRefusal | None:
    """The person reads back a one-time code that went to what is on file."""
    found = get(tx, request)
    whose = spend(tx, vault, clock, code, digits)
    if whose is None:
        return _refuse(tx, clock, request, ProofKind.CODE, ProofRefusal.WRONG_CODE, by)
    return prove_shown(tx, clock, found, proof=ProofKind.CODE, whose=whose, by=by)


def mandate(tx: Transaction, vault: Vault, clock: Clock, request: RequestId, shown: Mandate, *, by: Actor) -> None:
    """Who asks for another showed that they may. Conflict where the person asks for themselves, or the evidence is not of the
    sort that this needs; Malformed where it has ended."""
    found = get(tx, request)
    check_open(found)
    if found.behalf is Behalf.SELF:
        raise Conflict("The person asks for themselves, so there is no mandate. Enter another request if somebody asks for them.")
    if not identity.fits(found.behalf, shown.evidence):
        raise Conflict(
            "This evidence does not fit. A parent shows a record, others a power or a permission; both, a court's order."
        )
    if shown.until < day_of(clock.now()):
        raise Malformed("This mandate has ended. Ask for one that still holds.")
    sealed = vault.seal_value(tx, found.subject, shown.who.reveal("seal who asks for a person").encode(), _WHO)
    course.set_mandate(tx, request, shown.until, sealed, shown.evidence)
    said = RequestMandated(
        at=clock.now(),
        controller=tx.of,
        request=request,
        evidence=shown.evidence,
        until=shown.until,
        actor=by.id,
        role=by.role,
    )
    step(tx, clock, request, Step.MANDATED, by, said=said, detail=shown.evidence.value)
    look_again(tx, clock, request)


def missing_of(tx: Transaction, clock: Clock, request: Request) -> tuple[Missing, ...]:
    """What it waits for; nothing once it was ready or is answered. A restriction, or an objection, counts from then on and is
    answered once it is known whom it is about."""
    if request.stage is Stage.ANSWERED:
        return ()
    if request.ready_at is None:
        return _missing(tx, clock, request)
    is_open = request.kind in limiting.LIMITS and doubtful_records(tx, request) > request.without
    return (Missing.DOUBTFUL_RECORDS,) if is_open else ()


def _missing(tx: Transaction, clock: Clock, request: Request) -> tuple[Missing, ...]:
    return identity.missing(
        request,
        today=day_of(clock.now()),
        also=_also(tx, request),
        is_erased=is_being_erased(tx, request),
        doubtful=doubtful_records(tx, request),
    )


def is_being_erased(tx: Transaction, request: Request) -> bool:
    """By another request, or since a restore brought an erasure to light. One that was not begun is stopped by a copy and by a
    restriction that are asked for meanwhile, and stops another erasure."""
    if erasures.is_under_way(tx, request.subject, but=ErasureId(request.id)):
        return True
    others = [each for each in store.waiting_of(tx, joining.person(tx, request.subject)) if each.id != request.id]
    asked = [each for each in others if each.kind is RequestKind.ERASURE and each.ready_at is not None]
    comes_second = request.kind is RequestKind.ERASURE and request.ready_at is None
    return any(comes_second or each.stage is Stage.IN_PROGRESS for each in asked)


def doubtful_records(tx: Transaction, request: Request) -> int:
    """So many records may be about the person, of which nobody has said whose they are: now, or when it was begun or answered.
    Of a restriction, or an objection, those of people who may be the same person; of what needs neither none is counted."""
    person = joining.person(tx, request.subject)
    if request.stage is Stage.ANSWERED or not (request.stage is Stage.OPEN or request.kind in limiting.LIMITS):
        return request.doubtful
    if request.kind in limiting.LIMITS:
        return joins.count_of_same(tx, person)
    return joins.count_doubtful(tx, person) if request.kind in identity.WHOLE else request.doubtful


def look_again(tx: Transaction, clock: Clock, request: RequestId) -> None:
    """Ready from now on, where nothing is missing; answered, where its person was erased meanwhile. The person's rows are held,
    so that of two requests of one person that are looked at at the same time the second sees what became of the first."""
    joining.hold(tx, get(tx, request).subject)
    found = get(tx, request)
    waits_for = () if found.ready_at is not None else missing_of(tx, clock, found)
    if found.stage is Stage.ANSWERED or waits_for:
        _end_unshown(tx, clock, found, waits_for)
        return
    if erasures.is_erased(tx, found.subject, but=ErasureId(request)) and (
        found.kind is not RequestKind.ERASURE or found.stage is Stage.OPEN
    ):
        answer(tx, clock, request, Answered.ALREADY_ERASED, SYSTEM)
        return
    if found.ready_at is not None:
        return
    at = clock.now()
    course.change(tx, request, ready_at=at)
    said = RequestReady(at=at, controller=tx.of, request=request, kind_of_request=found.kind)
    step(tx, clock, request, Step.READY, SYSTEM, said=said)
    limiting.apply(tx, clock, found)


def _end_unshown(tx: Transaction, clock: Clock, request: Request, waits_for: Sequence[Missing]) -> None:
    """What was asked before a person was erased, and was not shown to be theirs until then, does not wait for ever: it is
    answered in the words that anybody is told who did not show it, so that nobody learns of the erasure. Who asks after it may
    still show a receipt."""
    ground = next((_UNSHOWN[each] for each in waits_for if each in _UNSHOWN), None)
    erased = erasures.latest_of(tx, request.subject) if ground is not None else None
    if erased is None or erased.destroyed_at is None or erased.destroyed_at < request.received_at:
        return
    if ground is not None and erasures.is_erased(tx, request.subject, but=ErasureId(request.id)):
        answer(tx, clock, request.id, Answered.DENIED, SYSTEM, ground=ground)


def put_back(tx: Transaction, clock: Clock, request: Request) -> bool:
    """Whether something goes before an erasure that is ready and was not begun: then it waits again, and is ready anew when that
    has come."""
    if request.kind is not RequestKind.ERASURE:
        return False
    joining.hold(tx, request.subject)
    first = _missing(tx, clock, get(tx, request.id))
    if not first:
        return False
    course.set_unready(tx, request.id)
    said = RequestPutBack(at=clock.now(), controller=tx.of, request=request.id, waits_for=first[0])
    step(tx, clock, request.id, Step.PUT_BACK, SYSTEM, said=said, detail=first[0].value)
    return True


def look_at_rest(tx: Transaction, clock: Clock, subject: SubjectId) -> None:
    """Something that requests of this person wait for has come: what waited for that alone is ready, or answered."""
    for other in store.waiting_of(tx, joining.hold(tx, subject)):
        look_again(tx, clock, other.id)


def check_ready(tx: Transaction, clock: Clock, request: Request) -> None:
    """Conflict, with what is missing. Of a person who is being erased nothing else is done."""
    found = missing_of(tx, clock, request)
    if not found and request.kind is not RequestKind.ERASURE and is_being_erased(tx, request):
        found = (Missing.ERASURE_FIRST,)
    if found:
        raise Conflict(" ".join(HELPS[each] for each in found))


def copy_before(tx: Transaction, subject: SubjectId) -> RequestId | None:
    """The copy that an erasure of this person waits for: asked for and not taken yet."""
    person = joining.person(tx, subject)
    copies = [each for each in store.requests_of(tx, person) if each.kind in identity.COPIES]
    waiting = [each.id for each in copies if each.stage is not Stage.ANSWERED and each.ready_at is not None]
    handed = store.handing_over(tx, person)
    return next(iter([*waiting, *(each.id for each in copies if each.kind in handed)]), None)


HELPS = {
    Missing.IDENTITY: "It was not shown yet who asks. Ring the number on file, send a code to it, or take a receipt.",
    Missing.MANDATE: "Somebody asks for this person, and has not shown that they may, or may no longer. Ask for their mandate.",
    Missing.ACCESS_FIRST: "This person asks for their data too. Answer that first, and wait until they have taken it: what is"
    " erased cannot be handed over.",
    Missing.RESTRICTION_FIRST: "This person asks as well that their data is kept and not used. Ask which of the two they want,"
    " and answer the other.",
    Missing.ERASURE_FIRST: "This person is being erased. When that is done, this is answered by itself: nothing is left to do it"
    " with.",
    Missing.DOUBTFUL_RECORDS: "Records in other systems may be about this person, and nobody has said whose they are. Decide that"
    " (`rightcall links list --of SUBJECT`); or somebody may be the same person: say so or not (`rightcall joins list`). Or go on"
    " without them, with a reason.",
}


def _also(tx: Transaction, request: Request) -> frozenset[RequestKind]:
    """Only what was shown to be the person's: nobody can stop an erasure by asking in their name. A copy that was handed over
    counts until it was taken, or its time is over."""
    if request.kind is not RequestKind.ERASURE:
        return frozenset()
    person = joining.person(tx, request.subject)
    ready = {each.kind for each in store.waiting_of(tx, person) if each.ready_at is not None and each.id != request.id}
    return frozenset(ready | store.handing_over(tx, person))


def _weigh(tx: Transaction, clock: Clock, request: RequestId, proof: ProofKind, by: Actor) -> ProofRefusal | None:
    found = get(tx, request)
    check_open(found)
    why = identity.refusal_of(found.kind, proof, by.role)
    if why is not None:
        return _refuse(tx, clock, request, proof, why, by)
    if found.proof is None:
        course.change(tx, request, proof=proof)
        said = RequestProved(at=clock.now(), controller=tx.of, request=request, proof=proof, actor=by.id, role=by.role)
        step(tx, clock, request, Step.PROVED, by, said=said, detail=proof.value)
        look_again(tx, clock, request)
    return None


def _refuse(tx: Transaction, clock: Clock, request: RequestId, proof: ProofKind, why: ProofRefusal, by: Actor) -> ProofRefusal:
    said = ProofRefused(at=clock.now(), controller=tx.of, request=request, proof=proof, why=why, actor=by.id, role=by.role)
    step(tx, clock, request, Step.PROOF_REFUSED, by, said=said, detail=why.value)
    return why


REFUSED: Mapping[ProofRefusal, str] = {
    ProofRefusal.NOT_GENUINE: "This is no receipt of this controller that holds. Take the file as it was given to the person.",
    ProofRefusal.NOT_THEIRS: "What was shown does not say that this is the person. Show something else.",
    ProofRefusal.TOO_WEAK: "For what is asked this is not enough. Ring the number on file, send a code to it, or take a receipt.",
    ProofRefusal.NOT_YOUR_WORD: "For this it takes the DPO's word, or something that the person shows: a code or a receipt.",
    ProofRefusal.WRONG_CODE: "This code is wrong, too old, used, or was tried too often. Have another one sent.",
}
"""What to do instead of a proof that was not taken."""

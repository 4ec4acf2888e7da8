"""Checking a certificate of erasure: steps 1 to 4 and 6 to 8 of `verify`."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from rightcall.canonical import Json
from rightcall.errors import Malformed, Tampered
from rightcall.evidence.certificates import grade_of
from rightcall.evidence.checking import Check, check_opening, check_shape, in_ledger, issued, leaf_at, maybe_urn, same, settle_key
from rightcall.evidence.first_format import FIRST_CERTIFICATE
from rightcall.evidence.graded import ALWAYS, Copy, CopyGrade, CopyKind, Residual, Sanitisation, fault_in
from rightcall.evidence.model import NOT_READABLE, FileKind, Grade, Ground, LawSays, Remainder, WhyKept
from rightcall.evidence.saying import Said, said
from rightcall.evidence.shapes import CERTIFICATE, FOURTH_CERTIFICATE, SECOND_CERTIFICATE, THIRD_CERTIFICATE, Reader
from rightcall.evidence.vocabulary import (
    CERTIFICATE_FORMATS,
    CONFIRMED,
    COPY_GRADE_IN_WORDS,
    COPY_IN_WORDS,
    DISPOSALS,
    EPOCH_TURNED,
    ERASED,
    GRADE_IN_WORDS,
    GROUND_IN_WORDS,
    KINDS_IN_WORDS,
    PROOFS,
    REASON_IN_WORDS,
    RESIDUAL_IN_WORDS,
    SANITISATION_IN_WORDS,
    urn,
)
from rightcall.holdings.model import HoldingKind
from rightcall.ids import HoldingId
from rightcall.languages import marked
from rightcall.policy.situations import HoldReason

_DESTROYED = marked("Destroyed: %(what)s.")
_DARK = marked("Can no longer be read: %(what)s.")
_REMAINS = marked("Remains: %(what)s.")
_BACKUPS = marked("Backups from before can still open something until the end of %(day)s.")


def check_certificate(check: Check, document: Mapping[str, Json]) -> tuple[Said, ...]:
    check.kind = FileKind.CERTIFICATE
    shapes = {1: FIRST_CERTIFICATE, 2: SECOND_CERTIFICATE, 3: THIRD_CERTIFICATE, 4: FOURTH_CERTIFICATE, 5: CERTIFICATE}
    number = check_shape(document, CERTIFICATE_FORMATS, shapes, "the certificate")
    reader = Reader(document)
    check.passed(marked("It is a whole certificate of erasure, in the one form it can have."))
    settle_key(check, reader)
    issue = issued(check, reader, "evidence.certificate", "certificate")
    acts = _check_disposals(check, reader, issue)
    check_opening(check, bytes.fromhex(reader.text(PROOFS, "opening")), reader.text(PROOFS, "subject"), issue)
    remains = remains_in(reader)
    _check_enough(reader, acts)
    _check_facts(reader, issue, remains)
    check.passed(marked("The grade follows from what was destroyed, what was confirmed and what remains."))
    copies = _check_copies(check, reader, remains, number) if number > 2 else ()
    until = _day(reader, "rightcall:backupsUntil")
    return (
        said(GRADE_IN_WORDS[Grade(reader.text("rightcall:grade"))]),
        *(said(_DESTROYED, what=said(words)) for words in sorted({DISPOSALS[act.text("kind")] for act in acts})),
        *(said(_DARK, what=destroyed_said(each)) for each in reader.each("rightcall:destroyed")),
        *(copy_said(each) for each in copies),
        *(said(_REMAINS, what=remainder_said(each)) for each in remains),
        *(said(RESIDUAL_IN_WORDS[each]) for each in _residuals(reader, number)),
        *(() if until is None else (said(_BACKUPS, day=until),)),
    )


def _check_disposals(check: Check, reader: Reader, issue: Reader) -> list[Reader]:
    """Step 4 for a certificate: every act it rests on, of this company, before the certificate, and an act of destruction."""
    names = [each.text("@id") for each in reader.each("rightcall:disposals")]
    proofs = reader.texts(PROOFS, "disposals")
    if len(names) != len(proofs) or len(set(names)) != len(names):
        raise Tampered("The certificate does not prove each act it rests on once.")
    acts = [in_ledger(check, proof)[0] for proof in proofs]
    for name, act in zip(names, acts, strict=True):
        same(name, urn(act.text("id")), "The act")
        same(act.text("controller"), issue.text("controller"), "The company of each act")
        if act.text("kind") not in DISPOSALS:
            raise Tampered("The certificate rests on a statement that destroys nothing.")
        if act.number("at") > issue.number("at"):
            raise Tampered("The certificate rests on something that happened after it was issued.")
    if len(acts) == 1:
        check.passed(marked("The ledger holds the one act of destruction that the certificate rests on."))
    else:
        check.passed(marked("The ledger holds all %(count)s acts of destruction that the certificate rests on."), count=len(acts))
    return acts


def _check_enough(reader: Reader, acts: list[Reader]) -> None:
    """The acts are about this person, whose commitment was opened, and are those that the grade needs."""
    erased = [act for act in acts if act.text("kind") == ERASED]
    if not erased:
        raise Tampered("The certificate does not rest on the destruction of this person's key.")
    for act in erased:
        same(act.text("subject"), reader.text("rightcall:subjectCommitment"), "The person of each act")
    for act in acts:
        if "erasure" in act.document:
            same(act.text("erasure"), erased[0].text("erasure"), "The erasure of each act")
    is_confirmed = any(act.text("kind") == CONFIRMED for act in acts)
    if not is_confirmed and reader.text("rightcall:grade") != Grade.UNCONFIRMED:
        raise Tampered("The certificate says more than was confirmed.")
    epoch = max(act.number("epoch") for act in erased)
    has_turned = any(act.text("kind") == EPOCH_TURNED and act.number("epoch") > epoch for act in acts)
    if reader.value("rightcall:backupsUntil") is None and not has_turned:
        raise Tampered("The certificate says that no backup opens anything, and rests on nothing that made it so.")


def _check_facts(reader: Reader, issue: Reader, remains: tuple[Remainder, ...]) -> None:
    controller = issue.text("controller")
    destroyed = sum(each.number("rightcall:count") for each in reader.each("rightcall:destroyed"))
    readable = sum(each.count for each in remains if each.ground not in NOT_READABLE)
    until = reader.value("rightcall:backupsUntil")
    claims: dict[str, tuple[Json, Json]] = {
        "The instant of issue": (reader.text("dct:created"), leaf_at(issue)),
        "The publisher": (reader.text("dct:publisher"), urn(controller)),
        "The controller": (reader.text("dpv:hasDataController", "@id"), urn(controller)),
        "The controller's id": (reader.text("dpv:hasDataController", "dct:identifier"), controller),
        "The request": (reader.value("rightcall:request"), maybe_urn(issue.value("request"))),
        "The commitment": (reader.text("rightcall:subjectCommitment"), issue.text("subject")),
        "How much was destroyed": (destroyed, issue.number("destroyed")),
        "How much remains": (readable, issue.number("remaining")),
        "The end of the backups": (until, issue.value("backups_until")),
        "The grade": (reader.text("rightcall:grade"), issue.text("grade")),
        "The grade that follows": (reader.text("rightcall:grade"), grade_of(remains, has_backups=until is not None).value),
    }
    for what, (claimed, held) in claims.items():
        same(claimed, held, what)


def _check_copies(check: Check, reader: Reader, remains: tuple[Remainder, ...], number: int) -> tuple[Copy, ...]:
    """Step 8."""
    copies = tuple(copy_in(each) for each in reader.each("rightcall:copies"))
    fault = fault_in(copies, remains, _day(reader, "rightcall:backupsUntil"), format=number)
    if fault is not None:
        raise Tampered(f"The grades of the copies do not fit. {fault}")
    if not set(ALWAYS) <= set(_residuals(reader, 3)):
        raise Tampered("The certificate leaves out what no certificate can speak for.")
    check.passed(marked("Each of %(count)s copies has one grade, and they fit the whole."), count=len(copies))
    return copies


def _residuals(reader: Reader, number: int) -> tuple[Residual, ...]:
    return tuple(Residual(each) for each in reader.texts("rightcall:residuals")) if number > 2 else ()


def copy_in(each: Reader) -> Copy:
    """One copy, as the document has it. Malformed where it contradicts itself."""
    count, epoch, ground, method = (each.value(f"rightcall:{name}") for name in ("count", "epoch", "ground", "sanitisation"))
    return Copy(
        kind=CopyKind(each.text("rightcall:copy")),
        grade=CopyGrade(each.text("rightcall:copyGrade")),
        count=None if count is None else each.number("rightcall:count"),
        until=_day(each, "rightcall:until"),
        epoch=None if epoch is None else each.number("rightcall:epoch"),
        backup=_id(each, "rightcall:backup"),
        ground=None if ground is None else Ground(str(ground)),
        told_on=_day(each, "rightcall:toldOn"),
        holding=None if (holding := _id(each, "rightcall:holding")) is None else HoldingId(holding),
        sanitisation=None if method is None else Sanitisation(str(method)),
        system=_id(each, "rightcall:system"),
    )


def copy_said(copy: Copy, system: str | None = None) -> Said:
    """In plain words, for the check."""
    name, grade, rest = copy_named(copy, system), said(COPY_GRADE_IN_WORDS[copy.grade]), grade_rest(copy)
    if rest is None:
        return said("%(name)s: %(grade)s.", name=name, grade=grade)
    if copy.grade is CopyGrade.KEPT:
        return said("%(name)s: %(grade)s.", name=name, grade=rest)
    return said("%(name)s: %(grade)s, %(rest)s.", name=name, grade=grade, rest=rest)


def copy_named(copy: Copy, system: str | None = None) -> Said:
    """Which it is, and how many. `system`: what the system that has it is called, for whoever knows."""
    many = "" if copy.count is None else f" ({copy.count})"
    if copy.system is None:
        return said("%(what)s%(many)s", what=said(COPY_IN_WORDS[copy.kind]), many=many)
    words = marked("%(what)s, in system %(system)s%(many)s")
    return said(words, what=said(COPY_IN_WORDS[copy.kind]), system=system or str(copy.system), many=many)


def grade_rest(copy: Copy) -> Said | None:
    """What its grade means beside the word for it."""
    match copy.grade:
        case CopyGrade.GOES_ON if copy.epoch is not None and copy.until is not None:
            if copy.backup is None:
                return said(marked("epoch %(epoch)s, by the end of %(day)s"), epoch=copy.epoch, day=copy.until)
            words = marked("epoch %(epoch)s, by the end of %(day)s, as backup %(backup)s")
            return said(words, epoch=copy.epoch, day=copy.until, backup=str(copy.backup))
        case CopyGrade.KEPT if copy.ground is not None:
            return _kept(copy, said(GROUND_IN_WORDS[copy.ground]))
        case CopyGrade.OUTSIDE_REACH:
            if copy.told_on is None:
                return said(marked("nobody was told yet"))
            return said(marked("those who have it were told on %(day)s"), day=copy.told_on)
        case CopyGrade.UNCONFIRMED:
            return said(marked("so it is not called gone"))
    return None if copy.sanitisation is None else said(SANITISATION_IN_WORDS[copy.sanitisation])


def _kept(copy: Copy, why: Said) -> Said:
    """Until when, also where no day can be named."""
    if copy.until is not None:
        return said(marked("%(why)s, until the end of %(day)s"), why=why, day=copy.until)
    if copy.kind is CopyKind.IDENTIFIERS:
        return said(marked("%(why)s, until each of them was told; no day can be named for that"), why=why)
    return said(marked("%(why)s, and no day is named for its end"), why=why)


def _id(each: Reader, name: str) -> UUID | None:
    value = each.value(name)
    return None if value is None else UUID(str(value).removeprefix("urn:uuid:"))


def remains_in(reader: Reader) -> tuple[Remainder, ...]:
    return tuple(
        Remainder(
            ground=Ground(each.text("rightcall:ground")),
            count=each.number("rightcall:count"),
            until=_day(each, "rightcall:until"),
            told_on=_day(each, "rightcall:toldOn"),
            holding=None if (holding := _id(each, "rightcall:holding")) is None else HoldingId(holding),
            why=_why(each),
        )
        for each in reader.each("rightcall:remains")
    )


def _why(remainder: Reader) -> WhyKept | None:
    reason, law = remainder.value("rightcall:reason"), remainder.value("rightcall:law")
    named = [] if remainder.value("rightcall:rules") is None else remainder.each("rightcall:rules")
    if reason is None:
        if law is not None or named:
            raise Malformed("A law is named for what is kept, and no reason.")
        return None
    rules = tuple(
        LawSays(rule=e.text("rightcall:rule"), cite=e.text("rightcall:cite"), says=e.text("rightcall:says")) for e in named
    )
    return WhyKept(reason=HoldReason(str(reason)), law=None if law is None else str(law), rules=rules)


def _day(remainder: Reader, name: str) -> date | None:
    value = remainder.value(name)
    try:
        return None if value is None else date.fromisoformat(str(value))
    except ValueError as error:
        raise Malformed(f"{name} is not a day.") from error


def destroyed_said(destroyed: Reader) -> Said:
    count, kind = destroyed.number("rightcall:count"), destroyed.text("rightcall:kind")
    if kind not in KINDS_IN_WORDS:
        raise Malformed("The certificate counts a kind of thing that is not known here.")
    one, many = KINDS_IN_WORDS[HoldingKind(kind)]
    return said(one if count == 1 else many, count=count)


def remainder_said(remainder: Remainder) -> Said:
    """Why, how much, until when, and who was told."""
    found = said(marked("%(why)s (%(count)s)"), why=said(GROUND_IN_WORDS[remainder.ground]), count=remainder.count)
    if remainder.why is not None:
        found = said(marked("%(what)s, because of %(reason)s"), what=found, reason=_why_said(remainder.why))
    if remainder.until is not None:
        found = said(marked("%(why)s, until the end of %(day)s"), why=found, day=remainder.until)
    if remainder.told_on is not None:
        found = said(marked("%(what)s; those who have it were told on %(day)s"), what=found, day=remainder.told_on)
    return found


def _why_said(why: WhyKept) -> Said:
    """For which reason of the law, and what the rules of law say by which it was decided, in the law pack's own words."""
    law = "" if why.law is None else f", {why.law}"
    found = said("%(reason)s%(law)s", reason=said(REASON_IN_WORDS[why.reason]), law=law)
    for each in why.rules:
        found = said(marked("%(what)s; %(cite)s says: %(says)s"), what=found, cite=each.cite, says=each.says.rstrip("."))
    return found

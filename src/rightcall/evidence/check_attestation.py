"""Checking a statement of whether anything is held: steps 1 to 3 of `verify`, and whose identifier it is about."""

import hmac
from collections.abc import Mapping

from rightcall.canonical import Json
from rightcall.errors import Malformed, Tampered
from rightcall.evidence.attestation import commitment_of
from rightcall.evidence.checking import Check, check_shape, issued, leaf_at, maybe_urn, moment_of, same, settle_key
from rightcall.evidence.model import Asked, FileKind
from rightcall.evidence.saying import Said, said
from rightcall.evidence.shapes import ATTESTATION, Reader
from rightcall.evidence.vocabulary import ATTESTATION_FORMAT, urn
from rightcall.languages import marked

_NOT_EVER = marked("It does not say whether anything ever was: what was let go is remembered by nobody here.")
_HELD = marked("Something is held under %(whose)s on %(day)s, or is not shown to be gone everywhere yet.")
_NOT_HELD = marked("Nothing is held under %(whose)s on %(day)s, as far as is known to whoever signed it.")
_NOT_TIED = marked(
    "It names certificate %(certificate)s, which the asker handed in. Nothing shows that this one is about the same identifier,"
    " so it does not tell since when nothing is held: check the certificate by itself."
)
_YOURS = "the identifier that you gave"
_NOT_SHOWN = marked("an identifier that is not shown (give it with --identifier and --opening)")


def check_attestation(check: Check, document: Mapping[str, Json], asked: Asked | None) -> tuple[Said, ...]:
    check.kind = FileKind.ATTESTATION
    check_shape(document, {1: ATTESTATION_FORMAT}, {1: ATTESTATION}, "the attestation")
    reader = Reader(document)
    check.passed(marked("It is a whole statement of whether anything is held, in the one form it can have."))
    settle_key(check, reader)
    issue = issued(check, reader, "evidence.attestation", "attestation")
    _check_facts(reader, issue)
    whose = said(_check_whose(check, reader, asked))
    says = said(_HELD if reader.value("rightcall:isHeld") else _NOT_HELD, whose=whose, day=moment_of(issue))
    if reader.value("rightcall:certificate") is None:
        return (says, said(_NOT_EVER))
    certificate = reader.text("rightcall:certificate").removeprefix("urn:uuid:")
    return (says, said(_NOT_EVER), said(_NOT_TIED, certificate=certificate))


def _check_whose(check: Check, reader: Reader, asked: Asked | None) -> str:
    if asked is None:
        return _NOT_SHOWN
    try:
        opening = bytes.fromhex(asked.opening)
    except ValueError as error:
        raise Malformed("The opening is not what was handed out: give its 64 letters and digits.") from error
    if not hmac.compare_digest(commitment_of(asked.identifier, opening).hex, reader.text("rightcall:identifierCommitment")):
        raise Tampered("It is not about the identifier that you gave, or the opening is another one's.")
    check.passed("It is about the identifier that you gave.")
    return _YOURS


def _check_facts(reader: Reader, issue: Reader) -> None:
    controller = issue.text("controller")
    claims: dict[str, tuple[Json, Json]] = {
        "The instant": (reader.text("dct:created"), leaf_at(issue)),
        "The publisher": (reader.text("dct:publisher"), urn(controller)),
        "The controller": (reader.text("dpv:hasDataController", "@id"), urn(controller)),
        "The controller's id": (reader.text("dpv:hasDataController", "dct:identifier"), controller),
        "The commitment": (reader.text("rightcall:identifierCommitment"), issue.text("identifier")),
        "The answer": (reader.value("rightcall:isHeld"), issue.value("held")),
        "How the asker was shown": (reader.text("rightcall:shownBy"), issue.text("shown_by")),
        "The certificate": (reader.value("rightcall:certificate"), maybe_urn(issue.value("certificate"))),
    }
    for what, (claimed, held) in claims.items():
        same(claimed, held, what)

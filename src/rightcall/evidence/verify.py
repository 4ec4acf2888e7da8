"""Checking a receipt, a certificate or a bare proof with nothing but the file and the ledger's public key.

No server, no database, no account. The steps, in order, each of which stops the check where it fails:

1. The file is what it says it is: the one canonical form, every member there and no other.
2. The key: the one you gave, else the one the file names. The file may not name another than you gave.
3. The document was issued: the ledger's signed tree holds a statement with the digest of all of it but the proofs.
4. What it rests on: for a receipt each choice, for a certificate each act of destruction, in the ledger's signed tree, saying
   the same as the document.
5. The notice (receipt): the words are those that the choice names.
6. Whose it is: the commitment in the ledger opens to the opaque id in the file.
7. The grade (certificate): the person's own key was destroyed, what was to go was confirmed gone, a later epoch made backups
   useless where that is claimed; and the grade is worked out again from what remains.
8. The copies (certificate, from its third format on): each has one grade, those that are kept or out of reach are what remains,
the
   last that goes does so on the day that is named, and nothing is called purged while a copy of a key may be left.

A file may be old: it shows what was so when it was issued. A later withdrawal has a receipt of its own.
"""

from collections.abc import Mapping

from rightcall.canonical import Json, canonical_json, parse_json
from rightcall.errors import Malformed, RightcallError
from rightcall.evidence.check_attestation import check_attestation
from rightcall.evidence.check_certificate import check_certificate
from rightcall.evidence.check_receipt import check_receipt
from rightcall.evidence.checking import AGAINST, Check, in_ledger, moment_of
from rightcall.evidence.model import Asked, Checked, FileKind, KeyFrom, Refuted, Verified
from rightcall.evidence.saying import Said, said
from rightcall.evidence.vocabulary import ATTESTATION_TYPE, CERTIFICATE_TYPE, RECEIPT_TYPE
from rightcall.languages import marked
from rightcall.ledger.checkpoint import parse_key
from rightcall.ledger.proof import parse_proof

LONGEST_FILE = 64 * 1024 * 1024
_PROOF_BEGINS = b"c2sp.org/tlog-proof@"


def verify(
    file: bytes,
    key: str | None = None,
    *,
    evidence: bytes | None = None,
    asked: Asked | None = None,
    key_from: KeyFrom = KeyFrom.YOU,
) -> Checked:
    """Check `file`. `key` is the ledger's key, as it is published: `name+id+key`. Never raises for what the file holds.

    `evidence` is the canonical JSON of kind and detail that a choice was made with, where the person has it: then it is held
    against the ledger's commitment as well. `asked` is whose identifier an attestation is about, for whoever has its opening. The
    evidence reads `{"detail":"1","kind":"key_pressed"}`, without a line's end.
    """
    check = Check(key_from=KeyFrom.THE_FILE if key is None else key_from)
    try:
        says = _verify(check, file, key, evidence, asked)
    except (RightcallError, RecursionError) as error:
        reason = str(error) if isinstance(error, RightcallError) else "This file is nested too deeply to be one of ours."
        return Refuted(kind=check.kind, steps=tuple(check.steps), at=check.at, reason=reason)
    assert check.kind is not None and check.key is not None  # noqa: S101, PT018 - set by every way through _verify
    return Verified(kind=check.kind, steps=tuple(check.steps), sentences=says, key=check.key.text, key_from=check.key_from)


def render_plain(checked: Checked) -> list[str]:
    """What a check found, a line at a time, for a person."""
    lines = [f"{step.number}. {step.says}" for step in checked.steps]
    if isinstance(checked, Refuted):
        return [*lines, f"NOT PROVED. {checked.reason}"]
    if checked.key_from is KeyFrom.THE_FILE:
        lines += [
            "The key was taken from the file itself, and nobody vouches for it. That shows that the file is",
            "whole, not who made it: anybody can make such a file with a key of their own.",
            f"Compare this key with the one that the company publishes, or give that one: {checked.key}",
            "WHOLE, BUT WHOSE? Nothing in the file was changed. Who made it is not shown. It says:",
        ]
    else:
        lines.append("PROVED.")
    return [*lines, *checked.says]


def _verify(check: Check, file: bytes, key: str | None, evidence: bytes | None, asked: Asked | None) -> tuple[Said, ...]:
    if len(file) > LONGEST_FILE:
        raise Malformed("This file is too long to be one of ours.")
    if key is not None:
        check.key = parse_key(key.strip())
    if file.startswith(_PROOF_BEGINS):
        return _verify_proof(check, file)
    document = _read(file)
    match document.get("@type"):
        case kind if kind == RECEIPT_TYPE:
            return check_receipt(check, document, evidence)
        case kind if kind == CERTIFICATE_TYPE:
            return check_certificate(check, document)
        case kind if kind == ATTESTATION_TYPE:
            return check_attestation(check, document, asked)
    raise Malformed("This is neither a receipt, nor a certificate, nor an attestation, nor a proof.")


def _verify_proof(check: Check, file: bytes) -> tuple[Said, ...]:
    check.kind = FileKind.PROOF
    text = _utf8(file)
    proof = parse_proof(text)
    check.passed(marked("It is a proof in the C2SP tlog-proof format."))
    if check.key is None:
        raise Malformed("A bare proof names no key. Give the ledger's key to check it.")
    check.passed(AGAINST[check.key_from], name=check.key.name)
    if proof.extra is None:
        raise Malformed("This proof does not hold the entry that it is about.")
    leaf, checkpoint = in_ledger(check, text)
    check.passed(
        marked("The ledger's signed tree of %(count)s entries holds the entry at place %(place)s."),
        count=checkpoint.head.size,
        place=proof.index,
    )
    says = marked("The ledger %(origin)s holds the statement %(kind)s of %(moment)s.")
    return (said(says, origin=checkpoint.origin, kind=leaf.text("kind"), moment=moment_of(leaf)),)


def _read(file: bytes) -> Mapping[str, Json]:
    document = parse_json(_utf8(file))
    if not isinstance(document, dict):
        raise Malformed("This is neither a receipt, nor a certificate, nor an attestation, nor a proof.")
    if canonical_json(document) != file:
        raise Malformed(
            "This file is not in its canonical form: something was added, removed or moved. An editor does"
            " that when it saves: check the file as it was sent."
        )
    return document


def _utf8(file: bytes) -> str:
    try:
        return file.decode()
    except UnicodeDecodeError as error:
        raise Malformed("This file is not text.") from error

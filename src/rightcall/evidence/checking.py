"""What checks of receipts and of certificates have in common: the key, the signed tree, the opening, and comparing."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rightcall.canonical import Json, canonical_json, sha256
from rightcall.errors import Malformed, Tampered
from rightcall.evidence.model import FileKind, KeyFrom, Point, Step
from rightcall.evidence.saying import Named, said
from rightcall.evidence.shapes import Document, Reader, Shape
from rightcall.evidence.vocabulary import PROOFS, instant_of, urn
from rightcall.languages import marked
from rightcall.ledger.checkpoint import Checkpoint, VerifierKey, parse_key
from rightcall.ledger.codec import read_leaf
from rightcall.ledger.proof import check_proof, parse_proof
from rightcall.subjects.model import subject_bytes


@dataclass(slots=True)
class Check:
    """The check as far as it has come."""

    kind: FileKind | None = None
    key: VerifierKey | None = None
    key_from: KeyFrom = KeyFrom.THE_FILE
    origin: str | None = None
    steps: list[Step] = field(default_factory=list)

    def passed(self, words: str, **named: Named) -> None:
        self.steps.append(Step(number=len(self.steps) + 1, sentence=said(words, **named)))

    @property
    def at(self) -> Point:
        """What is looked at now."""
        order = _ORDER[self.kind] if self.kind is not None else (Point.FORM,)
        return order[min(len(self.steps), len(order) - 1)]


AGAINST = {
    KeyFrom.YOU: "It is checked against the key that you gave: %(name)s.",
    KeyFrom.THE_FILE: "It is checked against the key that the file names: %(name)s.",
    KeyFrom.HERE: marked("It is checked against the key of the ledger here: %(name)s."),
}
_BEGINS = (Point.FORM, Point.KEY)
_ORDER = {
    FileKind.RECEIPT: (*_BEGINS, Point.ISSUED, Point.STATES, Point.NOTICE, Point.PERSON, Point.EVIDENCE),
    FileKind.CERTIFICATE: (*_BEGINS, Point.ISSUED, Point.ACTS, Point.PERSON, Point.GRADE, Point.COPIES),
    FileKind.ATTESTATION: (*_BEGINS, Point.ISSUED, Point.WHOSE),
    FileKind.PROOF: (*_BEGINS, Point.ENTRY),
}


def check_shape(document: Document, formats: Mapping[int, Json], shapes: Mapping[int, Shape], name: str) -> int:
    """Step 1: the number of the format that the document is in, once it has that format's form."""
    for number, says in formats.items():
        if document.get("dct:conformsTo") == says:
            shapes[number](document, name)
            return number
    raise Malformed(f"The format of {name} is not known here. Check it with a newer version of Rightcall.")


def settle_key(check: Check, reader: Reader) -> None:
    """Step 2."""
    named = parse_key(reader.text(PROOFS, "key"))
    if check.key is not None and check.key != named:
        raise Tampered("The file names another ledger key than the one you gave.")
    check.key = named
    check.passed(AGAINST[check.key_from], name=named.name)


_ISSUED = {
    "receipt": marked("The ledger's signed tree of %(count)s entries says that exactly this receipt was issued."),
    "certificate": marked("The ledger's signed tree of %(count)s entries says that exactly this certificate was issued."),
    "attestation": marked("The ledger's signed tree of %(count)s entries says that exactly this attestation was issued."),
}


def issued(check: Check, reader: Reader, kind: str, what: str) -> Reader:
    """Step 3: the statement that binds every byte of the document but its proofs."""
    leaf, checkpoint = in_ledger(check, reader.text(PROOFS, "issued"))
    document = {name: value for name, value in reader.document.items() if name != PROOFS}
    same(leaf.text("kind"), kind, "The kind of the statement")
    same(leaf.text(what), reader.text("dct:identifier"), f"The {what}")
    same(urn(leaf.text(what)), reader.text("@id"), f"The {what}'s name")
    same(leaf.text("digest"), sha256(canonical_json(document)).hex(), "What was issued")
    check.passed(_ISSUED[what], count=checkpoint.head.size)
    return Reader({**leaf.document, "at_iso": leaf_at(leaf)})


def in_ledger(check: Check, text: str) -> tuple[Reader, Checkpoint]:
    """The leaf that a tlog-proof carries, once the signature and the way to the signed root hold."""
    if check.key is None:
        raise Malformed("There is no key to check this against.")
    proof = parse_proof(text)
    if proof.extra is None:
        raise Malformed("A proof does not hold the entry that it is about.")
    checkpoint = check_proof(proof, proof.extra, check.key)
    if check.origin not in (None, checkpoint.origin):
        raise Tampered("The proofs are from different ledgers.")
    check.origin = checkpoint.origin
    return Reader(read_leaf(proof.extra)), checkpoint


def check_opening(check: Check, salt: bytes, subject: str, leaf: Reader) -> None:
    """Step 6."""
    if not hmac.compare_digest(committed(salt, subject_bytes(_uuid(subject))), leaf.text("subject")):
        raise Tampered("The ledger's statement is not about this person's id.")
    check.passed(marked("The ledger's statement is about the person whose opaque id the file carries."))


def committed(salt: bytes, value: bytes) -> str:
    return hmac.new(salt, value, hashlib.sha256).hexdigest()


def leaf_at(leaf: Reader) -> str:
    try:
        return instant_of(leaf.number("at"))
    except OverflowError as error:
        raise Malformed("The instant of a statement is out of range.") from error


def moment_of(leaf: Reader) -> datetime:
    """The same, to be told to a person."""
    return datetime.fromisoformat(leaf_at(leaf))


def maybe_urn(value: Json) -> str | None:
    return None if value is None else urn(value)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Malformed("An id cannot be read.") from error


def same(claimed: Json, held: Json, what: str) -> None:
    if type(claimed) is not type(held) or claimed != held:
        raise Tampered(f"{what} is not what the ledger says.")

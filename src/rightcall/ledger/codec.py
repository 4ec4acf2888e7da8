"""The one byte form of a statement: canonical JSON (RFC 8785). Instants are Unix milliseconds, digests lowercase hex."""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rightcall.canonical import Json, canonical_facts, canonical_json, parse_json
from rightcall.clock import milliseconds_of
from rightcall.errors import Breach, Malformed
from rightcall.ids import StatementId
from rightcall.ledger.model import Commitment, Digest, Statement

_TOO_LARGE = 1 << 53
"""Whole numbers from here on are not told apart in JSON (RFC 8785)."""
LONGEST_LEAF = 65535
"""An entry bundle of C2SP tlog-tiles counts an entry's length in 16 bits."""


def leaf_of(id: StatementId, statement: Statement) -> bytes:
    """The leaf's bytes: kind, id and every field of the statement. Breach where a field could carry words."""
    document: dict[str, Json] = {"kind": statement.KIND, "id": str(id)}
    for field in dataclasses.fields(statement):
        if field.name in document:
            raise Breach(f"The statement {statement.KIND} has a field {field.name}: that name is taken.")
        document[field.name] = _plain(statement.KIND, field.name, getattr(statement, field.name))
    leaf = canonical_facts(document)
    if len(leaf) > LONGEST_LEAF:
        raise Breach(f"A statement {statement.KIND} is longer than a ledger entry can be. Split it.")
    return leaf


def read_leaf(leaf: bytes) -> Mapping[str, Json]:
    """A leaf's fields. Malformed unless it is the canonical form of an object with a kind and an id."""
    document = parse_json(leaf)
    if not isinstance(document, Mapping) or canonical_json(document) != leaf:
        raise Malformed("This ledger entry is not in canonical form.")
    if not isinstance(document.get("kind"), str) or not isinstance(document.get("id"), str):
        raise Malformed("This ledger entry has no kind or no id.")
    return document


def _plain(kind: str, name: str, value: object) -> Json:
    match value:
        case None | bool():
            return value
        case int() if abs(value) < _TOO_LARGE:
            return value
        case StrEnum():
            return value.value
        case UUID():
            return str(value)
        case datetime():
            return milliseconds_of(value)
        case date():
            return value.isoformat()
        case Digest() | Commitment():
            return value.hex
        case tuple():
            return [_plain(kind, name, each) for each in value]
    raise Breach(f"The statement {kind} carries in {name} what the ledger does not take: {type(value).__name__}.")

"""Canonical JSON (RFC 8785): the one byte form of a document that is hashed, signed or logged."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import rfc8785

from rightcall.errors import Malformed

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
_FACTS = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical_json(document: Json) -> bytes:
    """The RFC 8785 bytes of `document`. Integers beyond 2^53 and non-finite floats are refused."""
    try:
        return rfc8785.dumps(document)
    except rfc8785.CanonicalizationError as error:
        raise Malformed(f"This document has no canonical JSON form: {error}.") from error


def canonical_facts(document: Mapping[str, Json]) -> bytes:
    """The same bytes as `canonical_json`, sooner, for what holds nothing but text, truth, nulls, whole numbers below 2^53, lists,
    and objects with ASCII names: there the compiled encoder of the standard library writes what RFC 8785 asks for."""
    return _FACTS.encode(document).encode()


def parse_json(data: bytes | str) -> Json:
    """Read JSON, refusing what the standard library lets through (NaN, Infinity, doubled names)."""
    try:
        document: Json = json.loads(data, parse_constant=_refuse_constant, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        raise Malformed("This is not valid JSON.") from error
    return document


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _distinct(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name appears twice")
    return document

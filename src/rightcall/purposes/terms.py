"""The terms of the W3C Data Privacy Vocabulary that a purpose may name, by the vocabulary's own lists (dpv.toml).

A company's own purpose has no term of its own: its key and its title name it, and it is of the DPV purpose that it falls under.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from rightcall.errors import UnknownTerm

_FILE = Path(__file__).parent / "dpv.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Names without their prefixes."""

    version: str
    purposes: frozenset[str]
    personal_data: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Vocabulary(
        version=document["version"],
        purposes=frozenset(document["purposes"].split()),
        personal_data=frozenset(document["personal_data"].split()),
    )


def check_purpose(term: str) -> None:
    """UnknownTerm, with near names, for what is not one of DPV's purposes."""
    known = vocabulary()
    wanted = _instead(term, "dpv:", known.purposes, ("PersonnelManagement", "DisputeManagement"))
    if wanted is not None:
        raise UnknownTerm(
            f"dpv_purpose is not a purpose of DPV {known.version}. Name the one that yours falls under: {wanted}."
            " https://w3id.org/dpv lists them. What is special to yours goes in the title."
        )


def check_categories(terms: Sequence[str]) -> None:
    """UnknownTerm, with its place and near names, for the first that is not one of PD's categories of personal data."""
    known = vocabulary()
    for place, term in enumerate(terms, start=1):
        wanted = _instead(term, "pd:", known.personal_data, ("VoiceCommunicationRecording", "TelephoneNumber"))
        if wanted is not None:
            raise UnknownTerm(
                f"Number {place} of data_categories is not a category of personal data of DPV {known.version}."
                f" Name the one that yours falls under: {wanted}. https://w3id.org/dpv/pd lists them."
            )


def _instead(term: str, prefix: str, names: frozenset[str], examples: Sequence[str]) -> str | None:
    """None where it is a term; else what to write instead. What was written is not told again: it may be anything."""
    if term.startswith(prefix) and term.removeprefix(prefix) in names:
        return None
    near = _near(term, names)
    wanted = " or ".join(f"{prefix}{name}" for name in near or examples)
    return f"did you mean {wanted}" if near else f"for example {wanted}"


def _near(term: str, names: frozenset[str]) -> list[str]:
    """The names that look most like the last part of what was written, however it was written."""
    written = term.replace("#", ":").replace("/", ":").rsplit(":", 1)[-1].replace(" ", "").lower()
    by_lower = {name.lower(): name for name in sorted(names)}
    return [by_lower[each] for each in get_close_matches(written, by_lower, n=3, cutoff=0.6)]

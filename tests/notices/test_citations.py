"""Where each finding is written: a source that there is, in a place of it that speaks of this, as the how-to says it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rightcall.purposes.faults import NO_NOTICE, OF_ANY_LANGUAGE, OF_WORDING, WITHOUT_A_CHOICE, FaultKind

KINDS = (*OF_ANY_LANGUAGE, *OF_WORDING, *WITHOUT_A_CHOICE, NO_NOTICE)
HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "check-a-notice.md"
ARTICLES = {
    "4(11)": "what consent is",
    "5(1)(a)": "lawfulness, fairness and transparency",
    "5(1)(b)": "purpose limitation",
    "6(1)": "lawfulness",
    "6(1)(a)": "consent as a basis",
    "7(2)": "a request that is clear, plain and set apart",
    "7(3)": "withdrawal, as easy as giving it",
    "7(4)": "whether consent is free",
    "12(1)": "plain language",
    "13(1)(a)": "who the controller is",
    "17(1)(b)": "erasure where consent is withdrawn",
    "21(1)": "objection",
    "21(4)": "telling of the objection",
}
RECITALS = {
    "32": "a clear act, and silence is none",
    "42": "who asks and for what, and no detriment after a no",
    "43": "a yes to each purpose by itself",
}
SECTIONS = {
    "3.1": "free",
    "3.1.2": "conditional",
    "3.1.3": "granular",
    "3.1.4": "detriment",
    "3.2": "specific",
    "3.3": "informed",
    "3.3.1": "what must be told",
    "5.2": "withdrawal",
    "6": "consent and other bases",
}
OTHERS = {
    "CJEU C-61/19 Orange Romania",
    "CJEU C-673/17 Planet49",
    "Datatilsynet (DK) v YouSee A/S, 8 April 2019",
    "Björnsson, Läsbarhet (1968)",
}
# Whoever changes a rule's weightiest source changes it here as well.
WEIGHTIEST = {
    "choice.opt_out": "CJEU C-673/17 Planet49",
    "choice.perhaps_opt_out": "CJEU C-673/17 Planet49",
    "choice.no_is_harder": "CJEU C-61/19 Orange Romania",
    "choice.no_is_harder_by_key": "CJEU C-61/19 Orange Romania",
    "choice.unequal_answers": "CJEU C-61/19 Orange Romania",
    "choice.conditional": "EDPB Guidelines 05/2020 §3.1.2",
    "choice.perhaps_conditional": "EDPB Guidelines 05/2020 §3.1.2",
    "choice.bundled": "EDPB Guidelines 05/2020 §3.1.3",
    "choice.withdrawal_is_harder": "EDPB Guidelines 05/2020 §5.2",
    "ask.told_not_asked": "Datatilsynet (DK) v YouSee A/S, 8 April 2019",
}


def unknown_in(cite: str) -> Iterator[str]:
    for source in cite.split("; "):
        if source.startswith("GDPR "):
            yield from _unknown_in_gdpr(source.removeprefix("GDPR "))
        elif source.startswith("EDPB Guidelines 05/2020 §"):
            yield from {source.partition("§")[2]} - SECTIONS.keys()
        else:
            yield from {source} - OTHERS


def _unknown_in_gdpr(places: str) -> Iterator[str]:
    """`Art. 7(4), Rec. 42, 43`: a place without a word is of the same sort as the one before."""
    known = ARTICLES
    for place in places.split(", "):
        sort, _, number = place.rpartition(" ")
        known = {"": known, "Art.": ARTICLES, "Rec.": RECITALS}[sort]
        yield from {number} - known.keys()


@pytest.mark.parametrize("kind", KINDS, ids=[kind.rule for kind in KINDS])
def test_every_finding_cites_what_there_is(kind: FaultKind) -> None:
    assert list(unknown_in(kind.cite)) == []


def test_the_weightiest_source_is_cited() -> None:
    cites = {kind.rule: kind.cite.split("; ") for kind in KINDS}
    assert {rule: source for rule, source in WEIGHTIEST.items() if source not in cites[rule]} == {}


def test_the_how_to_says_the_same() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \| ([a-z ]+) \| (.*) \| (.*) \|$", HOWTO.read_text(encoding="utf-8"), re.M)
    assert {rule: (severity, says, cite) for rule, severity, says, cite in rows} == {
        kind.rule: (kind.severity.value.replace("_", " "), kind.says, kind.cite) for kind in KINDS
    }


@pytest.mark.parametrize(
    "cite", ["GDPR Art. 4(11), Rec. 32; CJEU C-673/17 Planet94", "GDPR Art. 7(5)", "GDPR Rec. 34", "EDPB Guidelines 05/2020 §3.9"]
)
def test_a_source_that_there_is_not_is_seen(cite: str) -> None:
    """Planted."""
    assert list(unknown_in(cite)) != []

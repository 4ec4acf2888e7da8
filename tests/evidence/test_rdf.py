"""What a receipt and a certificate say to a program that reads RDF: all that they say, in terms that are terms."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import pytest
from pyld import jsonld

from rightcall.consent.model import Answer
from rightcall.evidence.model import Grade, Ground, LawSays, Remainder, WhyKept
from rightcall.evidence.vocabulary import CONTEXT
from rightcall.ids import HoldingId, RequestId
from rightcall.policy.situations import HoldReason
from rightcall.purposes.terms import check_categories, check_purpose
from tests.evidence.fakes import Json, a_certificate, a_choice, a_receipt, put, read

GRANTED, REFUSED = a_choice(1, Answer.GRANTED), a_choice(1, Answer.REFUSED)
WITHDRAWN, GRANTED_AGAIN = a_choice(2, Answer.WITHDRAWN), a_choice(3, Answer.GRANTED)
REMAINS = [Remainder(ground=ground, count=2, until=date(2027, 1, 31)) for ground in Ground if ground is not Ground.UNCONFIRMED]
WHY = WhyKept(
    reason=HoldReason.LEGAL_OBLIGATION,
    law="MiFID II Art. 16(7)",
    rules=tuple(
        LawSays(rule=rule, cite="MiFID II Art. 16(7)", says="Kept, for five years.") for rule in ("hold.ground", "mifid.hold")
    ),
)
ONE = Remainder(ground=Ground.HOLD, count=1, holding=HoldingId(UUID(int=88)), why=WHY)
WAITS = Remainder(ground=Ground.UNCONFIRMED, count=1)
BACKUPS = date(2026, 11, 30)
RECEIPTS = {
    "granted": a_receipt(GRANTED),
    "refused": a_receipt(REFUSED),
    "refused without a notice": a_receipt(a_choice(1, Answer.REFUSED, notice=None)),
    "withdrawn": a_receipt(GRANTED, WITHDRAWN),
    "given again": a_receipt(GRANTED, WITHDRAWN, GRANTED_AGAIN),
}
CERTIFICATES = {
    Grade.COMPLETE: a_certificate(request=RequestId(UUID(int=77))),
    Grade.COMPLETE_AFTER_BACKUPS: a_certificate(backups_until=BACKUPS),
    Grade.PARTIAL: a_certificate(*REMAINS, ONE, backups_until=BACKUPS),
    Grade.UNCONFIRMED: a_certificate(WAITS, backups_until=BACKUPS),
}
FILES = {**RECEIPTS, **{f"certificate {grade}": file for grade, file in CERTIFICATES.items()}}
PREFIXES: dict[str, Json] = {name: iri for name, iri in read(RECEIPTS["granted"])["@context"].items() if ":" not in name}
LIKE_A_TERM = re.compile(rf"({'|'.join(PREFIXES)}|urn|https?):\S+")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
Triple = tuple[str, str, str]


def refuse(url: str, options: Json) -> NoReturn:
    raise AssertionError(f"a remote document was asked for: {url}")


OPTIONS = {"documentLoader": refuse, "processingMode": "json-ld-1.1"}


def triples(document: Json) -> list[Json]:
    graph: list[Json] = jsonld.to_rdf(document, OPTIONS)["@default"]
    return graph


def texts(document: Json) -> list[str]:
    return [each["object"]["value"] for each in triples(document) if each["object"]["type"] == "literal"]


def spelled_out(term: str) -> str:
    prefix, _, name = term.partition(":")
    return f"{PREFIXES[prefix]}{name}" if prefix in PREFIXES else term


def members(document: Json) -> Iterator[tuple[str, Json]]:
    """Each member below the context, with its value, however deep."""
    if isinstance(document, list):
        for each in document:
            yield from members(each)
    elif isinstance(document, dict):
        for name, value in document.items():
            if name != "@context":
                yield name, value
                yield from members(value)


def loses(document: Json) -> set[str]:
    """The members, by name, that are not there any more after the way to expanded JSON-LD and back, or with another value."""
    expanded = jsonld.expand(document, OPTIONS)
    back = jsonld.compact(expanded, document["@context"], OPTIONS)
    before, after = (Counter(f"{name} {said(value)}" for name, value in members(each)) for each in (document, back))
    return {each.partition(" ")[0] for each in before - after}


def said(value: Json) -> str:
    """A value as it can be compared: a list of one and the one are the same, and so are a term and the IRI it stands for.
    What is in an object is among the members itself."""
    if isinstance(value, list):
        return " ".join(said(each) for each in value)
    return "{}" if isinstance(value, dict) else spelled_out(str(value))


def test_each_file_is_of_the_grade_that_it_stands_for() -> None:
    assert {grade: read(file)["rightcall:grade"] for grade, file in CERTIFICATES.items()} == {grade: grade for grade in Grade}


@pytest.mark.parametrize("name", FILES)
def test_every_member_comes_back_from_expansion(name: str) -> None:
    assert loses(read(FILES[name])) == set()


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_null_since_null_says_nothing(name: str) -> None:
    assert [member for member, value in members(read(FILES[name])) if value is None] == []


@pytest.mark.parametrize("name", FILES)
def test_no_term_and_no_name_is_a_text(name: str) -> None:
    assert [text for text in texts(read(FILES[name])) if LIKE_A_TERM.fullmatch(text)] == []


@pytest.mark.parametrize("name", FILES)
def test_every_statement_of_the_document_is_one_in_rdf(name: str) -> None:
    """As many triples as there are values, predicate for predicate: none dropped, none merged; lists keep their order."""
    document, graph = read(FILES[name]), triples(read(FILES[name]))
    found = Counter(each["predicate"]["value"] for each in graph)
    assert all(predicate.startswith(("http://", "https://", "urn:rightcall:")) for predicate in found)
    lists, values = 0, 0
    wanted: Counter[str] = Counter()
    for member, value in members(document):
        definition = place_of(member, document)
        if "@list" in definition:
            lists, values, wanted = lists + 1, values + len(value), wanted + Counter({definition["@id"]: 1})
        elif member != "@id":
            wanted[definition["@id"]] += len(value) if isinstance(value, list) else 1
    cells = {f"{RDF}first": values, f"{RDF}rest": values}
    assert found == wanted + Counter(cells), name


def place_of(member: str, document: Json) -> Json:
    """The IRI that a member stands for, and whether its values are in order, from the document's own context."""
    if member == "@type":
        return {"@id": f"{RDF}type"}
    context = document["@context"]
    scopes = [each["@context"] for each in context.values() if isinstance(each, dict) and "@context" in each]
    defined = [scope[member] for scope in (context, *scopes) if member in scope]
    definition = defined[0] if defined and isinstance(defined[0], dict) else {"@id": defined[0] if defined else member}
    in_order = {"@list": True} if definition.get("@container") == "@list" else {}
    return {"@id": spelled_out(definition.get("@id", member)), **in_order}


@pytest.mark.parametrize("name", RECEIPTS)
def test_the_notice_and_the_proofs_can_be_read_in_rdf(name: str) -> None:
    document = read(RECEIPTS[name])
    heard = set(texts(document))
    proofs = document["rightcall:ledger"]
    assert {proofs["key"], proofs["issued"], proofs["opening"], *proofs["events"]} <= heard
    played = document["dpv:hasRecordOfActivity"]["dpv:hasNotice"].get("rightcall:document")
    assert (played is None) == (name == "refused without a notice")
    if played:
        assert {played["text"], played["language"], *played["keypad"].values()} <= heard


def in_order(graph: list[Json], predicate: str) -> list[str]:
    """The members of the RDF list that a predicate leads to."""
    after = {(each["subject"]["value"], each["predicate"]["value"]): each["object"]["value"] for each in graph}
    (cell,) = [found for (_, name), found in after.items() if name == spelled_out(predicate)]
    found = []
    while cell != f"{RDF}nil":
        found.append(after[cell, f"{RDF}first"])
        cell = after[cell, f"{RDF}rest"]
    return found


def test_proofs_and_acts_keep_their_order_in_rdf() -> None:
    """Each proof belongs to the state, or to the act, at its own place."""
    receipt, certificate = read(RECEIPTS["given again"]), read(CERTIFICATES[Grade.COMPLETE])
    assert len(receipt["rightcall:ledger"]["events"]) == len(certificate["rightcall:disposals"]) == 3
    assert in_order(triples(receipt), "rightcall:proofsOfEvents") == receipt["rightcall:ledger"]["events"]
    graph = triples(certificate)
    assert in_order(graph, "rightcall:proofsOfDisposals") == certificate["rightcall:ledger"]["disposals"]
    assert in_order(graph, "rightcall:disposals") == [each["@id"] for each in certificate["rightcall:disposals"]]


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("granted", {"dpv:ExpressedConsent", "eu-gdpr:A6-1-a"}),
        ("given again", {"dpv:ExpressedConsent", "eu-gdpr:A6-1-a"}),
        ("withdrawn", {"dpv:ExpressedConsent"}),
        ("refused", set()),
        ("refused without a notice", set()),
    ],
)
def test_only_a_yes_is_a_legal_basis(name: str, bases: set[str]) -> None:
    """What was done while a yes stood had it as its basis; after a no, or a yes taken back, there is none."""
    graph = triples(read(RECEIPTS[name]))
    found = {each["object"]["value"] for each in graph if each["predicate"]["value"] == spelled_out("dpv:hasLegalBasis")}
    assert found == {spelled_out(each) for each in bases}


def test_a_receipt_says_its_purpose_its_data_and_their_source_in_terms_of_dpv() -> None:
    process = read(RECEIPTS["granted"])["dpv:hasRecordOfActivity"]["dpv:hasProcess"]
    check_purpose(process["dpv:hasPurpose"]["@type"])
    check_categories(process["dpv:hasPersonalData"])
    graph = triples(read(RECEIPTS["granted"]))
    sources = [each["object"] for each in graph if each["predicate"]["value"] == spelled_out("dpv:hasDataSource")]
    assert [(each["type"], each["value"]) for each in sources] == [("IRI", "https://w3id.org/dpv#DataSubjectDataSource")]


@pytest.mark.parametrize("name", ["receipt-granted", "certificate-partial"])
def test_the_first_format_shows_that_these_tests_can_fail(name: str) -> None:
    document = read((Path(__file__).parent / "first_format" / f"{name}.json").read_bytes())
    assert {"key", "issued"} <= loses(document)
    assert any(LIKE_A_TERM.fullmatch(text) for text in texts(document))


def test_a_context_from_elsewhere_would_be_seen() -> None:
    document = read(RECEIPTS["granted"])
    put("@context", value=["https://w3id.org/dpv/context.jsonld", CONTEXT])(document)
    with pytest.raises((AssertionError, jsonld.JsonLdError)):
        triples(document)

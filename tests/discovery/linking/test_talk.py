"""Conversations and sidecars of a recorder, in a folder beside the customers: each is its caller's, or waits, never nothing."""

import json
from pathlib import Path

import pytest

from rightcall.adapters.systems.folder.system import Folder
from rightcall.database.connection import Database
from rightcall.discovery.findings.model import KeptFinding
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkState
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look
from rightcall.discovery.model import Found
from rightcall.discovery.parts import Part, Prose, Row, Rows
from rightcall.ids import ControllerId, HoldingId, SubjectId
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import FakeSource, Site, site_of

KARL = "KD-000001,Karl Holm,karl@caller.example,+45 32 12 34 56,1980-04-03"
LISE = "KD-000002,Lise Bach,lise@caller.example,+45 32 12 34 57,1975-02-01"
CUSTOMERS = f"customer_no,name,email,phone,date_of_birth\n{KARL}\n{LISE}\n"
TURNS = (
    ("Agent", "Havblik, thank you for calling, my name is Nora Friis. May I have your name?"),
    ("Customer", "Yes, my name is Karl Holm."),
    ("Agent", "Thank you Karl. And your customer number and date of birth?"),
    ("Customer", "KD-000001, and I was born on 3 April 1980."),
    ("Agent", "Our number is +45 70 10 20 30 if the line breaks."),
)
SPEAKERS = {"Agent": "Nora Friis", "Customer": "Karl Holm"}


def vtt(turns: tuple[tuple[str, str], ...], *, named: bool) -> str:
    cues = [
        f"00:00:{nth * 5:02d}.000 --> 00:00:{nth * 5 + 4:02d}.000\n<v {SPEAKERS[who] if named else who}>{text}\n"
        for nth, (who, text) in enumerate(turns)
    ]
    return "WEBVTT\n\n" + "\n".join(cues)


def as_json(turns: tuple[tuple[str, str], ...]) -> str:
    segments = [{"speaker": who, "text": text, "start": nth * 5.0} for nth, (who, text) in enumerate(turns)]
    return json.dumps({"agent": "Nora Friis", "segments": segments, "customer_no": "KD-000001"})


def as_table(turns: tuple[tuple[str, str], ...]) -> str:
    rows = [f'{nth},C9,{SPEAKERS[who]},"{text}"' for nth, (who, text) in enumerate(turns)]
    return "\n".join(("id,call_id,speaker,text", *rows))


SIDECAR = {"call": "1001", "caller": "Karl Holm", "agent": "Nora Friis", "customer_name": "Karl Holm", "customer_no": "KD-000001"}
NARRATED = "\n".join(f"{who}: {text}" for who, text in TURNS)
KINDS = {
    "1001.json": json.dumps(SIDECAR),
    "1002.json": json.dumps({"call": "1002", "agent": "Nora Friis", "customer_no": "KD-000001"}),
    "labels.vtt": vtt(TURNS, named=False),
    "names.vtt": vtt(TURNS, named=True),
    "talk.json": as_json(TURNS),
    "talk.txt": NARRATED,
    "long.txt": NARRATED + "\n" + "\n".join(f"{who}: well, let me see about that for a moment" for who, _ in TURNS * 20),
    "transcript.csv": as_table(TURNS),
}


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, tmp_path: Path) -> Site:
    source: FakeSource = Folder(tmp_path)  # type: ignore[assignment]  # a real one in the place of the fake
    made = site_of(database, controller, vault, clock, source)
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    made.serve_care()
    return made


def scanned(site: Site, name: str) -> tuple[SubjectId, list[KeptFinding]]:
    """Karl, and what was found in that file."""
    site.scanned()
    found = site.findings()
    karl = next(each.subject for each in found if each.spot and each.spot.object == "customers.csv" and _is_first(each))
    assert karl is not None
    return karl, [each for each in found if each.spot is not None and each.spot.object == name]


def _is_first(finding: KeptFinding) -> bool:
    return finding.spot is not None and (finding.spot.row or "").startswith("2#")


@pytest.mark.parametrize("name", KINDS)
def test_a_call_is_its_callers_and_who_answered_is_nobody(site: Site, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(KINDS[name])
    karl, found = scanned(site, name)
    assert len(found) >= 2
    assert len({each.record for each in found}) == 1
    own = [each for each in found if each.subject is not None]
    others = [each for each in found if each.subject is None]
    assert {each.subject for each in own} == {karl}
    assert {each.category for each in others} <= {"pd:Name"}
    assert all("another role" in each.why for each in others)
    assert others
    assert "customer_id" in {each.type for each in own}


def test_what_the_company_says_of_itself_is_no_clue_to_anybody(site: Site, tmp_path: Path) -> None:
    """Two calls in which the same number is read out are not of one person."""
    for name in ("a.vtt", "b.vtt"):
        (tmp_path / name).write_text(vtt((TURNS[0], ("Customer", "I only ask when you are open."), TURNS[4]), named=False))
    site.scanned()
    with site.database.transaction(site.controller) as tx:
        assert linking.page_of_links(tx, state=LinkState.DOUBTFUL) == []
    assert {each.subject for each in site.findings() if each.spot and each.spot.object.endswith("vtt")} == {None}


def test_a_call_that_contradicts_its_number_or_names_others_waits(site: Site, tmp_path: Path) -> None:
    others = (TURNS[0], ("Customer", "This is Otto Krag, I call for my wife Pia Krag."), TURNS[2], TURNS[3])
    (tmp_path / "other.vtt").write_text(vtt(others, named=False))
    karl, found = scanned(site, "other.vtt")
    assert {each.subject for each in found} == {None}
    with site.database.transaction(site.controller) as tx:
        [link] = linking.page_of_links(tx, state=LinkState.DOUBTFUL)
    assert (link.subject, link.record) == (karl, found[0].record)


def letter(folder: Path, name: str, mailbox: str, to: str) -> None:
    head = f"From: {name} <{mailbox}@caller.example>\nTo: {to}\nSubject: My bill\nDate: Mon, 23 Nov 2026 09:30:00 +0000\n"
    (folder / f"{mailbox}.eml").write_text(f"{head}\nPlease look at it again.\n")


@pytest.mark.parametrize("ours", ["support@havblik.example", "havblik@havblik.example"])
def test_letters_to_one_mailbox_are_of_whoever_wrote_them(site: Site, tmp_path: Path, ours: str) -> None:
    """Also of people who are no customers yet: nobody of them has our address."""
    writers = [("Karl Holm", "karl"), ("Lise Bach", "lise"), ("Otto Krag", "otto"), ("Pia Lund", "pia"), ("Rune Vang", "rune")]
    for name, mailbox in writers:
        letter(tmp_path, name, mailbox, ours)
    karl, found = scanned(site, "karl.eml")
    own = [each for each in found if each.subject is not None]
    assert {each.subject for each in own} == {karl}
    assert [each.type for each in found if each.subject is None] == ["email"]
    assert "email" in {each.type for each in own}
    letters = [each for each in site.findings() if each.spot and each.spot.object.endswith("eml") and each.subject is not None]
    assert len({each.subject for each in letters}) == len({each.spot.object for each in letters if each.spot}) == len(writers)
    with site.database.transaction(site.controller) as tx:
        assert subjects.find(tx, site.vault, normalise(IdentifierKind.EMAIL, Personal(ours), "ZZ")) == []
        assert linking.page_of_links(tx, state=LinkState.DOUBTFUL) == []


def test_a_mailbox_that_was_ours_is_so_in_the_next_letter_too(site: Site, tmp_path: Path) -> None:
    for name, mailbox in (("Karl Holm", "karl"), ("Lise Bach", "lise"), ("Otto Krag", "otto"), ("Pia Lund", "pia")):
        letter(tmp_path, name, mailbox, "havblik@havblik.example")
    site.scanned()
    letter(tmp_path, "Rune Vang", "rune", "havblik@havblik.example")
    _, found = scanned(site, "rune.eml")
    assert sorted(each.type for each in found if each.subject is None) == ["email"]
    assert sorted(each.type for each in found if each.subject is not None) == ["email", "person_name"]
    assert len(holdings_of(site, found)) == 2


def test_a_customer_keeps_the_address_of_an_office_in_their_own_row(site: Site, tmp_path: Path) -> None:
    (tmp_path / "shops.csv").write_text(
        "customer_id,name,email,other_email\nHB-300419,Sven Vang,sven@vang.example,info@vang.example\n"
    )
    _, found = scanned(site, "shops.csv")
    assert {each.subject is None for each in found} == {False}


def holdings_of(site: Site, found: list[KeptFinding]) -> list[HoldingId]:
    """What of these is on the map."""
    return [each.holding for each in found if each.holding is not None]


ANSWERS = (
    "Havblik, Birte Olesen, guten Tag",
    "Guten Tag, Havblik, hier spricht Birte Olesen",
    "Havblik, you speak with Anna, good morning",
    "Havblik, good morning, Nora speaking",
    "Bonjour, Havblik, Claire Dubois à votre écoute",
    "Havblik kundservice, Erik Lund, hej",
    "Velkommen til Havblik, du snakker med Kofi",
)


@pytest.mark.parametrize("first", ANSWERS)
@pytest.mark.parametrize("shape", ["rows", "lines"])
def test_who_answers_the_telephone_is_of_staff(first: str, shape: str) -> None:
    said = (("agent", first), ("customer", "Karl Holm here, KD-000001."), ("agent", "Thank you, Karl Holm."))
    if shape == "lines":
        text = "\n".join(f"{who}: {each}" for who, each in said)
        part: Part = Prose(object="call", pieces=iter([(len(text), text)]))
    else:
        heads = ("call_id", "turn", "speaker", "text")
        rows = tuple(Row(str(nth), ("C1", str(nth), who, each)) for nth, (who, each) in enumerate(said))
        part = Rows(object="call", heads=heads, rows=rows, bytes=1)
    names = [each for each in look(part, Rules()) if isinstance(each, Found) and each.finding.type == "person_name"]
    assert [each.of_staff for each in names] == [True, *([False] * (len(names) - 1))]
    assert len(names) >= 2


@pytest.mark.parametrize(
    "first", ["Hello, Karl Holm, this is Havblik.", "Guten Tag, Herr Holm, hier Havblik.", "Hello, is that Karl Holm?"]
)
def test_who_is_greeted_is_not_of_staff(first: str) -> None:
    text = f"agent: {first}\ncustomer: Yes?\nagent: It is about your bill."
    found = list(look(Prose(object="call", pieces=iter([(len(text), text)])), Rules()))
    assert not any(each.of_staff for each in found if isinstance(each, Found))

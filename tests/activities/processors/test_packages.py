"""The package of a person whose data a processor has: it waits for the processor's word, and not for ever, and says what came."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from rightcall.activities import actions as activities
from rightcall.activities.model import NewRecipient, RecipientKind
from rightcall.activities.processors import registering
from rightcall.activities.processors.model import Address, CopyRefused, NotFetched, OrderState
from rightcall.adapters import opendsr
from rightcall.ids import RequestId
from rightcall.personal import Personal
from rightcall.procedures.ports import Starter
from rightcall.requests.model import Request
from rightcall.requests.packages import actions as packages
from rightcall.requests.packages.model import Phase, State
from rightcall.requests.packages.rules import first_bytes_fit, suffix_of
from rightcall.wiring import House
from rightcall.worker import keeping
from tests.activities.processors.authority import Peer
from tests.activities.processors.test_asking import Scene, scene
from tests.erasure.elsewhere.scene import Away
from tests.purposes.examples import DPO
from tests.requests.packages.scene import Desk, Got

__all__ = ["scene"]


@pytest.fixture
def desk(scene: Scene, tmp_path: Path) -> Desk:
    scene.register()
    return Desk(world=scene.world, away=Away(world=scene.world), spool=tmp_path / "packages")


def goes_on(desk: Desk) -> list[RequestId]:
    """As the worker's housekeeping asks."""
    with desk.world.deed() as tx:
        return [each.request for each, _ in packages.to_go_on(tx, desk.world.clock)]


def until(desk: Desk, request: Request) -> bool:
    with desk.world.deed() as tx:
        return packages.waits_for_processors(tx, desk.world.clock, packages.get(tx, request.id)) is not None


def answer_in(got: Got) -> dict[str, str | None]:
    [told] = got.json("processors-0001.json")
    assert isinstance(told, dict)
    return told


def test_a_package_waits_for_a_processors_word_and_has_where_its_copy_lies(scene: Scene, desk: Desk) -> None:
    asked = desk.asked()
    waits = desk.make(asked)
    assert (waits.state, waits.phase) == (State.MAKING, Phase.PROCESSORS)
    assert until(desk, asked)
    assert goes_on(desk) == []
    [order] = scene.orders(asked.id)
    scene.round(order)
    assert desk.make(asked).state is State.MAKING, "it has taken it, and is not done"
    assert scene.round(order).state is OrderState.COMPLETED
    assert goes_on(desk) == [asked.id]
    got = desk.got(asked)
    assert goes_on(desk) == []
    told, link = answer_in(got), f"https://processor.example/secure/{order.id}"
    assert (told["processor"], told["answer"], told["link"]) == ("Print House", "linked", link)
    assert link in got.text("processors-0001.html")
    assert "processors-0001.html" in got.text("index.html")
    assert "no copy came" not in got.text("index.html")


def test_it_goes_on_again_after_a_processor_that_is_asked_later(
    scene: Scene, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By another name than before: a procedure of a name that has ended is not begun again."""
    house = SimpleNamespace(
        controllers=lambda: [desk.world.controller],
        database=desk.world.database,
        clock=desk.world.clock,
        objects=desk.world.objects,
    )

    def resumed() -> list[str]:
        started: list[str] = []
        engine = SimpleNamespace(start=lambda name, id, *arguments: started.append(id))
        keeping.keep_packages(cast(House, house), cast(Starter, engine))
        return started

    asked = desk.asked()
    desk.make(asked)
    [first] = scene.orders(asked.id)
    while scene.round(first).state is not OrderState.COMPLETED:
        pass
    once = resumed()
    with scene.world.deed() as tx:
        registering.retire(tx, scene.world.vault, scene.world.clock, scene.recipient.id, by=DPO)
        new = NewRecipient(name="Letters", kind=RecipientKind.PROCESSOR, country="DK", purposes=(scene.world.scene.training.id,))
        other = activities.declare_recipient(tx, scene.world.clock, new, by=DPO)
    replace(scene, recipient=other).register()
    assert desk.make(asked).phase is Phase.PROCESSORS
    assert resumed() == []
    [second] = [each for each in scene.orders(asked.id) if each.id != first.id]
    while scene.round(second).state is not OrderState.COMPLETED:
        pass
    assert len({*once, *resumed()}) == 2
    assert desk.make(asked).state is State.READY


@pytest.mark.parametrize(("behaviour", "answer"), [("slow", "not_yet"), ("cancels", "refused")])
def test_what_does_not_come_is_told_and_holds_nothing_up(scene: Scene, desk: Desk, behaviour: str, answer: str) -> None:
    scene.peer.behaves(behaviour)
    asked = desk.asked()
    desk.make(asked)
    [order] = scene.orders(asked.id)
    for _ in range(3):
        scene.round(order)
    if behaviour == "slow":
        assert goes_on(desk) == []
        desk.world.clock.at += timedelta(days=14)
        assert not until(desk, asked)
    assert goes_on(desk) == [asked.id]
    got = desk.got(asked)
    assert (answer_in(got)["answer"], answer_in(got)["link"]) == (answer, None)
    assert "Of 1 who work for us and have data about you no copy came." in got.text("index.html")


HERE = "http://localhost:{port}/copies/"
PDF: dict[str, Any] = {"kind": "application/pdf", "body": "%PDF-1.7 of Ada " + "x" * 100_000}


def fetched(scene: Scene, desk: Desk, copy: dict[str, object], results: str = HERE) -> Got:
    """The package of a person whose processor offers this copy there."""
    scene.peer.behaves(results=results, copy=copy)
    asked = desk.asked()
    desk.make(asked)
    [order] = scene.orders(asked.id)
    while scene.round(order).state is not OrderState.COMPLETED:
        pass
    return desk.got(asked)


def test_a_copy_that_a_processor_offers_is_in_the_package_as_it_came(scene: Scene, desk: Desk) -> None:
    got = fetched(scene, desk, PDF)
    told = answer_in(got)
    assert (told["answer"], told["not_fetched"]) == ("linked", None)
    assert told["file"] is not None
    assert got.text(told["file"]) == PDF["body"]
    assert told["file"] in got.text("processors-0001.html")
    assert str(told["link"]) not in got.text("processors-0001.html")


@pytest.mark.parametrize(
    ("copy", "why"), [({"left_out": 50_000}, "broke_off"), ({"body": "MZ of a program, called a document"}, "other_kind")]
)
def test_what_is_not_fetched_stays_a_link_and_the_page_says_why(
    scene: Scene, desk: Desk, copy: dict[str, object], why: str
) -> None:
    got = fetched(scene, desk, PDF | copy)
    told = answer_in(got)
    assert (told["file"], told["not_fetched"]) == (None, why)
    assert str(told["link"]) in got.text("processors-0001.html")
    assert "It is not in this package, because it" in got.text("processors-0001.html")
    assert not [name for name in got.names if name.startswith("processors/")]
    assert not list(desk.spool.iterdir()), "what was begun lies in the spool still"


@pytest.mark.parametrize(
    ("place", "copy", "why"),
    [
        ("https://processor.example/copies/a", {}, "other_place"),
        ("https://localhost:{port}/copies/a", {}, "other_place"),
        ("http://127.0.0.1:{port}/copies/a", {}, "other_place"),
        ("http://localhost:1/copies/a", {}, "other_place"),
        ("http://ada@localhost:{port}/copies/a", {}, "other_place"),
        ("http://localhost:{port}.example/copies/a", {}, "other_place"),
        ("file:///etc/passwd", {}, "other_place"),
        ("http://localhost:{port}/elsewhere/a", {}, "not_given"),
        ("http://localhost:{port}/copies/a", {"status": 302, "to": "http://localhost/copies/b"}, "not_given"),
        ("http://localhost:{port}/copies/a", {"body": "%PDF-" + "x" * 300_000}, "too_large"),
    ],
)
def test_a_copy_is_taken_from_where_its_processor_is_and_from_nowhere_else(
    peer: Peer, place: str, copy: dict[str, object], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opendsr, "_LARGEST_COPY", 200_000)
    peer.behaves(copy=PDF | copy)
    with pytest.raises(CopyRefused) as refused:
        received(peer, place)
    assert refused.value.why == why


def test_a_copy_that_comes_too_slowly_is_not_waited_for(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    peer.behaves(copy=PDF)
    assert received(peer, HERE + "a") == PDF["body"].encode()
    monkeypatch.setattr(opendsr, "_COPY_SECONDS", -1.0)
    with pytest.raises(CopyRefused) as refused:
        received(peer, HERE + "a")
    assert refused.value.why is NotFetched.TOO_SLOW


def received(peer: Peer, place: str) -> bytes:
    address = Address(url=Personal(peer.url), authorization=Personal("Bearer a-secret"))
    with closing(opendsr.dial(address)) as line, line.download(place.format(port=peer.port)) as download:
        return b"".join(download.chunks)


@pytest.mark.parametrize(
    ("mediatype", "head", "fits"),
    [
        ("application/pdf", b"%PDF-1.7", True),
        ("application/pdf", b"<html>", False),
        ("application/zip", b"PK\x03\x04", True),
        ("application/zip", b"MZ", False),
        ("application/json", b' {"a": 1}', True),
        ("application/json", b"<svg>", False),
        ("text/csv", "\ufeffname;".encode(), True),
        ("text/csv", b"", False),
        ("text/plain", b" <html>", False),
        ("text/plain", b"MZ\0", False),
        ("text/html", b"<p>Ada</p>", False),
        ("image/svg+xml", b"<svg>", False),
    ],
)
def test_a_file_that_could_run_something_is_not_passed_on_whatever_it_is_called(mediatype: str, head: bytes, fits: bool) -> None:
    suffix = suffix_of(mediatype)
    assert (suffix is not None and first_bytes_fit(suffix, head)) is fits

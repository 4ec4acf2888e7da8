"""A system of one's own: the example in the documents, as a process of its own; and answers that are not as they should be."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from openapi_spec_validator import validate
from openapi_spec_validator.readers import read_from_filename

from rightcall.adapters.systems.opening import open_system
from rightcall.adapters.systems.own.source import open_own
from rightcall.discovery.model import NotRead, Reason, SourceGone
from rightcall.discovery.ports import Ability, Gone, Listed, Spot, System
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.personal import Personal
from tests.adapters.systems.estate import PLANTED, cells_of, rows_of, sorted_out

ROOT = Path(__file__).parents[3]
HOWTO = (ROOT / "docs/howto/add-a-system.md").read_text(encoding="utf-8")
TOKEN = "only-an-example"


@pytest.fixture
def address() -> Iterator[str]:
    """Started as the documents say, but for the port."""
    (command,) = re.findall(r"```sh\nRIGHTCALL_TOKEN=(\S+) python (\S+) \d+\n```", HOWTO)
    words = [sys.executable, str(ROOT / command[1]), "0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, "RIGHTCALL_TOKEN": command[0]})
    assert process.stdout is not None
    port = process.stdout.readline().split()[-1]
    yield f"own+http://{command[0]}@127.0.0.1:{port}"
    process.terminate()
    process.wait(20)
    process.stdout.close()


def test_the_example_in_the_documents_can_do_all_that_is_asked(address: str) -> None:
    system = open_system(Personal(address), writable=True)
    assert system.abilities == set(Ability)
    (listed,) = system.objects()
    assert isinstance(listed, Listed)
    batches, passed = sorted_out(system, listed.name)
    assert batches[0].heads == ("name", "phone", "note")
    assert [row.key for row in rows_of(batches)] == ["1", "2"]
    assert passed == []
    row, field = Spot(object="customers", row="1"), Spot(object="customers", row="2", field="phone")
    assert json.loads(system.export(row))["name"] == "Ada Example"
    assert system.export(field) == b"+45 20 65 43 21"
    assert set(system.confirm([row, field]).values()) == {Gone.THERE}
    system.erase([row, field])
    system.erase([row, field])
    assert system.confirm([row, field, Spot(object="elsewhere", row="1")]) == {
        row: Gone.GONE,
        field: Gone.GONE,
        Spot(object="elsewhere", row="1"): Gone.UNKNOWN,
    }
    assert cells_of(sorted_out(system, "customers")[0]) == [("Bo Example", None, "call back on Monday")]
    with pytest.raises(NotFound):
        system.export(row)
    with pytest.raises(NotRead) as why:
        sorted_out(system, "nowhere")
    assert why.value.reason is Reason.VANISHED
    system.close()


def test_a_reader_and_a_stranger_change_nothing(address: str) -> None:
    system = open_own(address)
    assert Ability.ERASE not in system.abilities
    with pytest.raises(NotAllowed):
        system.erase([Spot(object="customers", row="1")])
    system.close()
    with pytest.raises(SourceGone, match="refuses this token"):
        open_own(address.replace(TOKEN, "another"))


def test_the_form_is_openapi_and_names_every_route_that_is_asked() -> None:
    form, _ = read_from_filename(str(ROOT / "docs/reference/own-system.yaml"))
    validate(form)
    asked = set(re.findall(r'"(/[a-z]+)"', (ROOT / "src/rightcall/adapters/systems/own/source.py").read_text(encoding="utf-8")))
    assert {f"/rightcall/v1{path}" for path in asked} | {"/rightcall/v1"} == set(form["paths"])


@contextmanager
def answering(answers: dict[str, object], status: int = 200) -> Iterator[System]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(answers.get(self.path.partition("?")[0].rpartition("/")[2], {"version": 1, "abilities": list(Ability)}))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self._answer(answers.get(self.path.rpartition("/")[2]), status)

        def _answer(self, told: object, status: int = 200) -> None:
            content = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        system = open_own(f"own+http://t@127.0.0.1:{server.server_port}", writable=True)
        try:
            yield system
        finally:
            system.close()
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("route", "answer"),
    [
        ("rows", b"not JSON"),
        ("rows", {"fields": ["a"], "rows": [{"key": "1", "cells": [PLANTED, "b"]}], "next": None}),
        ("rows", {"fields": ["a"], "rows": [{"key": "1", "cells": [{"x": PLANTED}]}], "next": None}),
        ("rows", {"fields": ["a"], "rows": [{"key": "1", "cells": ["x"]}] * 1001, "next": None}),
        ("rows", {"fields": ["a"], "rows": [], "next": "same"}),
        ("rows", b" " * (17 << 20)),
    ],
    ids=["no JSON", "ragged", "nested", "too many", "a circle", "too much"],
)
def test_answers_that_are_not_as_they_should_be_end_the_reading(route: str, answer: object) -> None:
    with answering({route: answer}) as system, pytest.raises(SourceGone) as caught:
        sorted_out(system, "t")
    assert PLANTED not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_refusal_is_told_in_words_of_ours() -> None:
    with answering({"erase": {"why": "pointed_at", "more": PLANTED}}, status=409) as system:
        with pytest.raises(Conflict, match="points at") as caught:
            system.erase([Spot(object="t", row="1")])
        assert PLANTED not in str(caught.value)
        with pytest.raises(Malformed):
            system.erase([Spot(object="t")])


def test_looking_again_for_other_places_than_were_asked_for_counts_for_nothing() -> None:
    with answering({"confirm": {"found": ["gone", "gone"]}}) as system, pytest.raises(SourceGone):
        system.confirm([Spot(object="t", row="1")])


@pytest.mark.parametrize("url", ["own+http://t@far.example", "own+https://far.example", "own+https://t@far.example/?a=b"])
def test_what_is_no_address_is_a_mistake(url: str) -> None:
    with pytest.raises(Malformed):
        open_own(url)


def test_a_new_kind_is_added_as_the_documents_say(tmp_path: Path) -> None:
    (source,) = re.findall(r"```python\n(.*?)```", HOWTO, re.DOTALL)
    (lines,) = re.findall(r"```diff\n\+(.*?)\n\+(.*?)\n```", HOWTO, re.DOTALL)
    systems = tmp_path / "systems"
    (systems / "notes").mkdir(parents=True)
    (systems / "notes" / "__init__.py").touch()
    (systems / "notes" / "source.py").write_text(source, encoding="utf-8")
    opening = (ROOT / "src/rightcall/adapters/systems/opening.py").read_text(encoding="utf-8")
    opening = opening.replace("from rightcall.adapters", f"{lines[0]}\nfrom rightcall.adapters", 1)
    opening = opening.replace("= {\n", f"= {{\n{lines[1]}\n", 1)
    (systems / "opening.py").write_text(opening, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("call Ada on +45 20 12 34 56\n", encoding="utf-8")
    program = (
        "import sys; import rightcall.adapters.systems as systems\n"
        "systems.__path__.insert(0, sys.argv[1])\n"
        "from rightcall.adapters.systems.opening import open_system\n"
        "from rightcall.personal import Personal\n"
        "system = open_system(Personal('notes:' + sys.argv[2]))\n"
        "(listed,) = system.objects()\n"
        "print([row.cells for part in system.read(listed) for row in part.rows])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(systems), str(tmp_path / "notes.txt")], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "[('call Ada on +45 20 12 34 56',)]\n"


def test_the_example_puts_right_what_stands_there_and_nothing_else(address: str) -> None:
    system = open_own(address, writable=True)
    phone = Spot(object="customers", row="1", field="phone")
    for _ in range(2):
        system.correct(phone, "+45 20 00 00 00", was="+45 20 12 34 56")  # type: ignore[attr-defined]  # it declares it
        assert system.export(phone) == b"+45 20 00 00 00"
    with pytest.raises(Conflict, match="Something else stands there"):
        system.correct(phone, "+45 20 11 11 11", was="+45 20 12 34 56")  # type: ignore[attr-defined]  # it declares it
    system.close()
    reader = open_own(address)
    with pytest.raises(NotAllowed):
        reader.correct(phone, "+45 20 11 11 11", was="+45 20 00 00 00")  # type: ignore[attr-defined]  # not for reading
    reader.close()

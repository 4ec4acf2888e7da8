"""Logs and figures are about the system, never about a person: planted values are looked for in every line."""

import ctypes
import io
import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from rightcall.errors import DatabaseGone, Malformed, NotConfigured
from rightcall.ids import new_id
from rightcall.personal import Personal
from rightcall.telemetry import Metrics, configure_logging, described, forbid_core_dumps
from tests.cast import ADA_EMAIL, ADA_NAME, ADA_TEL

OURS = logging.getLogger("rightcall.tests")
FOREIGN = logging.getLogger("sippy.tests")


@pytest.fixture
def lines() -> io.StringIO:
    """Logging as in life, into memory."""
    stream = io.StringIO()
    configure_logging("info", "web", stream)
    return stream


def last(lines: io.StringIO) -> dict[str, object]:
    read: dict[str, object] = json.loads(lines.getvalue().splitlines()[-1])
    return read


def test_a_line_is_json_with_what_was_given(lines: io.StringIO) -> None:
    call = new_id()
    OURS.info("gate closed", extra={"call": call, "packets": 3})
    line = last(lines)
    assert (line["message"], line["level"], line["process"]) == ("gate closed", "info", "web")
    assert (line["call"], line["packets"]) == (str(call), 3)


def test_a_personal_value_is_masked_wherever_it_stands(lines: io.StringIO) -> None:
    tel = Personal(ADA_TEL)
    OURS.info("call from %s", tel, extra={"caller": tel, "all": [tel], "by_name": {"tel": tel}})
    OURS.info("call from %(tel)s", {"tel": tel})
    assert ADA_TEL not in lines.getvalue()
    assert "▒" in lines.getvalue()


def test_a_foreign_error_is_told_by_its_class_alone(lines: io.StringIO) -> None:
    try:
        try:
            int(ADA_TEL + "x")
        except ValueError as error:
            raise DatabaseGone("The database is gone. Try again.") from error
    except DatabaseGone:
        OURS.exception("could not store")
    OURS.warning("odd: %s", ValueError(ADA_NAME))
    OURS.warning(ValueError(ADA_NAME))
    first = json.loads(lines.getvalue().splitlines()[0])
    assert first["error"]["message"] == "The database is gone. Try again."
    assert first["error"]["cause"]["class"] == "builtins.ValueError"
    assert ADA_TEL not in lines.getvalue()
    assert ADA_NAME not in lines.getvalue()


def test_a_foreign_library_can_say_where_but_not_what(lines: io.StringIO) -> None:
    FOREIGN.error("INVITE sip:%s", ADA_TEL, extra={"body": ADA_EMAIL})
    assert ADA_TEL not in lines.getvalue()
    assert ADA_EMAIL not in lines.getvalue()
    assert "test_telemetry" in str(last(lines)["message"])


def test_an_object_that_is_no_plain_value_is_told_by_its_class(lines: io.StringIO) -> None:
    OURS.info("got %s", ADA_TEL.encode(), extra={"body": ADA_EMAIL.encode()})
    assert ADA_TEL not in lines.getvalue()
    assert last(lines)["body"] == "<bytes>"


def test_an_uncaught_error_leaves_no_value_behind(lines: io.StringIO) -> None:
    def fail() -> None:
        raise RuntimeError(ADA_TEL)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert ADA_TEL not in lines.getvalue()
    assert "RuntimeError" in lines.getvalue()


def test_what_is_below_the_level_is_not_written(lines: io.StringIO) -> None:
    OURS.debug("revealed")
    assert lines.getvalue() == ""


def test_a_suppressed_context_stays_out() -> None:
    def fail() -> None:
        try:
            int(ADA_TEL + "x")
        except ValueError:
            raise Malformed("Send a number.") from None

    with pytest.raises(Malformed) as caught:
        fail()
    assert "cause" not in described(caught.value)


def test_figures_of_all_processes_are_added_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.choices.labels(answer="granted").inc()
    assert b'rightcall_choices_total{answer="granted"} 1.0' in metrics.text()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert b"rightcall_choices_total" not in metrics.text()


_CHILD = """
import ctypes, resource, sys
from rightcall.recorder.media_process import harden
from rightcall.telemetry import forbid_core_dumps

system = ctypes.CDLL(None)
assert system.prctl(3, 0, 0, 0, 0) == 1  # PR_GET_DUMPABLE, prctl(2)
{"forbid": forbid_core_dumps, "harden": harden}[sys.argv[1]]()
print(system.prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))
"""


@pytest.mark.parametrize("deed", ["forbid", "harden"])
def test_a_process_that_holds_keys_leaves_no_core_dump(deed: str) -> None:
    said = subprocess.run([sys.executable, "-c", _CHILD, deed], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.split() == ["0", "0", "0"]


def test_where_core_dumps_cannot_be_forbidden_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def prctl(self, *_: int) -> int:
            return -1

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Refusing())
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    with pytest.raises(NotConfigured, match="core dumps"):
        forbid_core_dumps()

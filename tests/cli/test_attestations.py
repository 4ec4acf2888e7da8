"""`rightcall attestation …`, as a desk uses it: the number is asked for or read, and stands in no command and no answer."""

import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.passphrase import make_secret
from rightcall.cli import main as cli
from rightcall.controllers import actions as controllers
from rightcall.personal import Personal
from rightcall.settings import load_settings
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.wiring import open_house
from tests.cast import ADA_TEL
from tests.ledger.fakes import own_database

NOBODY = "+4532999999"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "attestation_cli_tests") as url:
        yield url


@pytest.fixture(scope="module")
def sent() -> Iterator[tuple[int, list[dict[str, str]]]]:
    """What sends codes: its port, and what was handed over."""
    came: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], came
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(
    url: str,
    sent: tuple[int, list[dict[str, str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    KeyFile(data / "keys", make_secret(data / "passphrase"), cost=Cost(n=16)).create("unused")
    (tmp_path / "secret").write_text("a token for tests")
    (tmp_path / "secret").chmod(0o600)
    for name, value in {
        "DATABASE_URL": url,
        "DATA": str(data),
        "CODES_URL": f"http://127.0.0.1:{sent[0]}/",
        "CODES_SECRET_FILE": str(tmp_path / "secret"),
    }.items():
        monkeypatch.setenv(f"RIGHTCALL_{name}", value)
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.chdir(tmp_path)

    def run(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = cli.code_of(list(words))
        said = capsys.readouterr()
        assert not any(number in said.out + said.err for number in (ADA_TEL, NOBODY))
        return code, said.out, said.err

    return run


def test_a_number_is_read_and_never_a_word_of_the_command(
    run: Run, sent: tuple[int, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, out, err = run("token", "create", "--role", "dpo")
    assert code == 0, err
    monkeypatch.setenv("RIGHTCALL_TOKEN", out.splitlines()[-1])
    with open_house(load_settings()) as house:
        [controller] = house.controllers()
        with house.database.transaction(controller) as tx:
            subjects.identify(tx, house.vault, house.clock, [normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK")])
            assert controllers.get(tx).id == controller

    code, out, err = run("attestation", "code", "--kind", "tel", "--from", "-", typed=f"{ADA_TEL}\n")
    assert code == 0, err
    code_id = out.splitlines()[-1]
    assert sent[1][-1]["to"] == ADA_TEL
    digits = re.sub(r"\D", "", sent[1][-1]["words"][:9])
    spend = ("attestation", "by-code", code_id, "--kind", "tel", "--from", "-")
    wrong = run(*spend, "--digits", "00000000", typed=ADA_TEL)
    stranger = run(*spend, "--digits", digits, typed=NOBODY)
    assert (wrong[0], wrong[1]) == (stranger[0], stranger[1]) == (1, "")
    code, out, err = run(*spend, "--digits", digits, typed=ADA_TEL)
    assert code == 0, err
    held, opening, id = out.splitlines()
    assert held == "held: yes"
    assert run("attestation", "file", id, "attestation.json")[0] == 3, "nobody signed it yet"
    with open_house(load_settings()) as house:
        house.sequencer().run_once()
    assert run("attestation", "file", id, "attestation.json")[0] == 0
    check = ("verify", "attestation.json", "--identifier", "-", "--opening", opening.removeprefix("opening: "))
    assert run(*check, typed=f"tel={ADA_TEL}")[0] == 0
    assert run(*check, typed=f"tel={NOBODY}")[0] == 1

    (tmp_path / "number").write_text(NOBODY)
    give = ("attestation", "give", "--kind", "tel", "--from", "number", "--shown-by")
    code, out, _ = run(*give, "audit")
    assert (code, out.splitlines()[0]) == (0, "held: no")
    assert run(*give, "code")[0] == 2
    assert run("attestation", "give", "--kind", "tel", "--from", "nowhere", "--shown-by", "audit")[0] == 2
    agent = run("token", "create", "--role", "agent")[1].splitlines()[-1]
    assert run(*give, "audit", "--token", agent)[0] == 2, "an agent's word is not the DPO's"

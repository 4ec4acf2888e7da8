"""The commands as a user runs them: what they print where, and the code they end with."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import typer
from sqlalchemy.engine import make_url

from rightcall import bench as measurements
from rightcall.cli import main as cli
from rightcall.cli.bench import machine, names
from rightcall.cli.exits import Boundary, answer_no
from rightcall.cli.serve import read_roles
from rightcall.errors import Breach, Malformed, Mistake, Outage, RightcallError, Tampered
from rightcall.telemetry import described
from tests.cast import ADA_TEL
from tests.evidence.fakes import a_certificate

Run = Callable[..., int]
REGISTER = Path(__file__).parents[2] / "docs" / "howto" / "register.md"


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """One command in this process, on the test's own database; answers with its exit code."""
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", database_url)
    monkeypatch.setenv("RIGHTCALL_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of([str(word) for word in words])


def raising(error: BaseException) -> int:
    boundary = Boundary()
    with boundary:
        raise error
    return boundary.code


def branches(of: type[RightcallError]) -> list[type[RightcallError]]:
    """`of` and everything below it in `errors`; what rooms add below is made otherwise."""
    below = [kind for kind in of.__subclasses__() if kind.__module__ == of.__module__]
    return [of, *(found for kind in below for found in branches(kind))]


def test_each_branch_of_errors_has_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in branches(Mistake):
        assert raising(kind("Do this instead.")) == 2
    for kind in branches(Outage):
        assert raising(kind("Try again.")) == 3
    for kind in branches(Breach):
        assert raising(kind("Stop.")) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert "Do this instead." in said.err
    assert "Stop." in said.err


def test_what_nobody_expected_is_a_breach_and_tells_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(ValueError(ADA_TEL)) == 4
    assert raising(KeyboardInterrupt()) == 130
    assert raising(SystemExit(1)) == 1
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert ADA_TEL not in said
    assert described(Tampered("x"))["message"] == "x"


def test_no_is_one() -> None:
    assert isinstance(answer_no(), typer.Exit)
    assert answer_no().exit_code == 1


@pytest.mark.parametrize("words", [["nonsense"], ["token", "create"], ["serve", "--nonsense"], ["verify"]])
def test_what_is_no_command_is_a_mistake(run: Run, words: list[str]) -> None:
    assert run(*words) == 2


def test_a_token_is_the_last_line_and_its_secret_nowhere_else(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("controller", "create", "--name", "C1", "--address", "a", "--contact", "c", "--jurisdiction", "EU")
    controller = capsys.readouterr().out.split()[-1]
    assert run("token", "create", "--role", "agent", "--controller", controller, "--label", "CRM, Aarhus") == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1].startswith("rightcall_")
    assert said.out.strip() not in said.err
    assert run("token", "list", "--controller", controller) == 0
    listed = capsys.readouterr()
    assert "agent" in listed.out
    heads, *rows = listed.out.splitlines()
    assert heads.split() == ["For", "Role", "Made", "By", "Ends", "Used", "State", "Token"]
    assert [row.startswith("CRM, Aarhus  agent") and "system" in row and "not used" in row for row in rows] == [True]
    assert said.out.strip() not in listed.err + listed.out
    assert run("token", "create", "--role", "system", "--controller", controller) == 2
    assert "Choose one of administrator, agent" in capsys.readouterr().err


def test_a_controllers_zone_is_set_by_name(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("controller", "create", "--name", "C5", "--address", "a", "--contact", "c", "--jurisdiction", "EU")
    assert run("controller", "zone", "Europe/Copenhagen", "--controller", "C5") == 0
    assert "The pages of C5 tell moments in Europe/Copenhagen" in capsys.readouterr().err
    assert run("controller", "zone", "Copenhagen", "--controller", "C5") == 2


def test_the_language_of_a_register_is_set_by_name(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("controller", "create", "--name", "C6", "--address", "a", "--contact", "c", "--jurisdiction", "EU")
    assert run("controller", "language", "da", "--controller", "C6") == 0
    assert "The register of C6 is written in da" in capsys.readouterr().err
    assert run("controller", "language", "Danish", "--controller", "C6") == 2


def test_for_how_long_what_is_gone_is_known_is_set_by_name(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("controller", "create", "--name", "C7", "--address", "a", "--contact", "c", "--jurisdiction", "EU")
    capsys.readouterr()
    assert run("controller", "remember", "730", "--controller", "C7") == 0
    assert "C7 remembers for 730 days what is gone. Nothing went longer ago." in capsys.readouterr().err
    assert run("controller", "on-record", "1825", "--controller", "C7") == 0
    assert "C7 keeps calls and requests on record for 1,825 days. None is older." in capsys.readouterr().err
    for command, least in (("remember", 365), ("on-record", 400)):
        for days in (least - 1, 3654):
            assert run("controller", command, str(days), "--controller", "C7") == 2
            assert f"{least} to 3653 days" in capsys.readouterr().err


def test_ids_of_tokens_are_whole_and_the_beginning_of_one_revokes_it(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("controller", "create", "--name", "C4", "--address", "a", "--contact", "c", "--jurisdiction", "EU")
    of = ("--controller", capsys.readouterr().out.split()[-1])
    for role in ("agent", "dpo"):
        assert run("token", "create", "--role", role, *of) == 0
    capsys.readouterr()

    def listed() -> list[str]:
        assert run("token", "list", *of) == 0
        return capsys.readouterr().out.splitlines()[1:]

    first, second = (str(UUID(line.split()[-1])) for line in listed())
    differs = next(place for place, (one, other) in enumerate(zip(first, second, strict=True)) if one != other)
    assert run("token", "revoke", first[:differs], *of) == 2
    for unknown in ("", "zz", first + "0"):
        assert run("token", "revoke", unknown, *of) == 2
    assert not any("revoked" in line for line in listed())
    assert run("token", "revoke", second[: differs + 1].upper(), *of) == 0
    assert ["revoked" in line for line in listed()] == [False, True]


@pytest.mark.parametrize(
    "words",
    [
        ["ledger", "key"],
        ["ledger", "audit"],
        ["ledger", "show", "0198b4a1-0000-7000-8000-000000000000"],
        ["token", "list"],
        ["token", "revoke", "0"],
        ["epoch", "rotate"],
        ["controller", "list"],
        ["backup", "aside"],
        ["drill", "aside", "--holding", "0198b4a1-0000-7000-8000-000000000000"],
    ],
)
def test_what_only_reads_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.delenv("RIGHTCALL_DATABASE_URL", raising=False)
    monkeypatch.delenv("RIGHTCALL_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert cli.code_of(words) == 2
    assert "There is no Rightcall in rightcall-data" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["ledger", "key"], ["ledger", "audit"], ["epoch", "rotate"], ["backup", "aside"]])
def test_with_a_database_of_ones_own_the_folder_must_have_the_keys(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run(*words) == 2
    assert "There is no Rightcall in" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_with_several_controllers_one_must_be_named(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("C2", "C3"):
        run("controller", "create", "--name", name, "--address", "a", "--contact", "c", "--jurisdiction", "EU")
    capsys.readouterr()
    assert run("token", "create", "--role", "dpo") == 2
    assert "--controller" in capsys.readouterr().err
    assert run("controller", "list") == 0
    assert "C2" in capsys.readouterr().out


def test_the_register_is_made_once(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    file.write_text(
        example()
        .replace("Example Energy", "Registered Energy")
        .replace("192.0.2.", "203.0.113.")
        .replace("127.0.0.", "203.0.113.")
    )
    assert run("register", "apply", file) == 0
    first = capsys.readouterr().out.splitlines()
    assert len(first) >= 4
    assert all(line.startswith("made ") for line in first)
    assert run("register", "apply", file) == 0
    again = capsys.readouterr().out.splitlines()
    assert len(again) == len(first)
    assert all(line.startswith("is so ") for line in again)


def test_a_notice_with_other_words_is_a_new_version_and_a_purpose_never_changes(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "register.toml"
    words = example().replace("Example Energy", "Changing Energy").replace("192.0.2.", "198.51.100.")
    words = words.replace("127.0.0.", "198.51.100.")
    file.write_text(words)
    assert run("register", "apply", file) == 0
    file.write_text(words.replace("May we record", "May we please record"))
    assert run("register", "apply", file) == 0
    assert "version 2" in capsys.readouterr().out
    file.write_text(words.replace("term_days = 90", "term_days = 900"))
    assert run("register", "apply", file) == 2
    assert "never change" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"), [("[[[", "not TOML"), ("controllers = []", "controllers"), ('x = "y"', "controllers")]
)
def test_a_register_that_cannot_be_read_says_where(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: str, says: str
) -> None:
    file = tmp_path / "register.toml"
    file.write_text(words)
    assert run("register", "apply", file) == 2
    assert says in capsys.readouterr().err
    assert run("register", "apply", tmp_path / "missing.toml") == 2


def test_everything_wrong_with_a_register_is_said_a_line_each(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "register.toml"
    file.write_text(example().replace("\naddress =", "\nadress ="))
    assert run("register", "apply", file) == 2
    lines = capsys.readouterr().err.splitlines()
    assert "  controllers.0.address: This key is missing" in lines
    assert "  controllers.0.adress: There is no such key here" in lines


@pytest.mark.parametrize(
    ("term", "wrong"),
    [
        ("dpv:PersonnelManagement", "dpv:PersonelManagement"),
        ("pd:VoiceCommunicationRecording", "pd:VoiceRecording"),
    ],
)
def test_a_term_that_dpv_does_not_have_is_refused_with_what_comes_near(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, term: str, wrong: str
) -> None:
    file = tmp_path / "register.toml"
    file.write_text(example().replace("Example Energy", "Unknown Energy").replace("192.0.2.", "198.18.1.").replace(term, wrong))
    assert run("register", "apply", file) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"did you mean {term}" in said


@pytest.mark.parametrize(
    ("notice", "rule"),
    [
        ("Example Energy records calls to train our agents. Stay on the line to agree.", "choice.opt_out"),
        ("May Example Energy record this call? If you say no, we cannot help you.", "choice.conditional"),
    ],
)
def test_a_notice_to_which_a_yes_would_be_none_is_refused_before_anything_is_made(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, notice: str, rule: str
) -> None:
    file = tmp_path / "register.toml"
    name = f"Void {rule}"
    file.write_text(re.sub(r'\ntext = "[^"]*"', f'\ntext = "{notice}"', example()).replace('"Example Energy"', f'"{name}"'))
    assert run("register", "apply", file) == 2
    assert f"{name}, training, en: {rule}" in capsys.readouterr().err
    assert run("controller", "list") == 0
    assert name not in capsys.readouterr().out


def test_what_else_is_wrong_with_a_notice_is_said_and_it_is_made(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "register.toml"
    words = example().replace("Example Energy", "Warned Energy").replace("192.0.2.", "198.18.2.").replace("127.0.0.", "198.18.2.")
    told = "; you can change your mind at any moment"
    assert told in words
    file.write_text(words.replace(told, ""))
    assert run("register", "apply", file) == 0
    said = capsys.readouterr()
    assert "Warning: Warned Energy, training, en: informed.no_withdrawal: " in said.err
    assert "made   notice training, en, version 1" in said.out


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("dpv:PersonnelManagement", "dpv:PersonelManagement"),
        ('language = "en"\ntext', 'language = "english"\ntext'),
        ('sources = ["192.0.2.10/32"', 'sources = ["anywhere"'),
    ],
)
def test_a_file_with_something_wrong_makes_nothing_of_what_stands_before_it(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, right: str, wrong: str
) -> None:
    file = tmp_path / "register.toml"
    first = example().replace("Example Energy", "First of two").replace("192.0.2.", "198.18.3.").replace("127.0.0.", "198.18.3.")
    assert right in example()
    file.write_text(first + example().replace("Example Energy", "Second of two").replace(right, wrong))
    assert run("register", "apply", file) == 2
    assert run("controller", "list") == 0
    assert "of two" not in capsys.readouterr().out


def test_a_misspelt_setting_is_named_with_what_comes_near_and_its_value_is_not_said(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIGHTCALL_EPOCHDAYS", "SECRET")
    monkeypatch.setenv("RIGHTCALL_TOKEN", "SECRET")
    monkeypatch.setenv("RIGHTCALL_WEATHER", "SECRET")
    assert run("controller", "list") == 0
    said = capsys.readouterr().err
    assert "There is no setting RIGHTCALL_EPOCHDAYS, so it changes nothing. Did you mean RIGHTCALL_EPOCH_DAYS?" in said
    assert "There is no setting RIGHTCALL_WEATHER, so it changes nothing. docs/reference/settings.md" in said
    assert "RIGHTCALL_TOKEN" not in said
    assert "SECRET" not in said


def test_a_jurisdiction_without_a_law_pack_is_warned_about(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("controller", "create", "--address", "a", "--contact", "c", "--jurisdiction")
    assert run(*words, "ZZ", "--jurisdiction", "DK", "--name", "Lawless Energy") == 0
    assert "Lawless Energy: there is no law pack for ZZ, so" in " ".join(capsys.readouterr().err.split())
    assert run(*words, "DE-BY", "--name", "Lawful Energy") == 0
    assert "law pack" not in capsys.readouterr().err
    file = tmp_path / "register.toml"
    text = example().replace("Example Energy", "Far Energy").replace("192.0.2.", "198.18.4.").replace("127.0.0.", "198.18.4.")
    file.write_text(text.replace('["EU", "DK"]', '["EU", "ZZ"]'))
    assert run("register", "apply", file) == 0
    assert "Far Energy: there is no law pack for ZZ, so" in capsys.readouterr().err


def test_a_token_before_the_register_is_told_that_the_register_comes_first(
    run: Run, database_url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE token_first")
    fresh = make_url(database_url).set(database="token_first").render_as_string(hide_password=False)
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", fresh)
    file = tmp_path / "register.toml"
    file.write_text(example())
    assert run("token", "create", "--role", "dpo") == 0
    assert "run `rightcall register apply` first" in capsys.readouterr().err
    assert run("register", "apply", file) == 0
    assert "There is also the controller My contact centre" in capsys.readouterr().err
    assert run("token", "create", "--role", "dpo", "--controller", "Example Energy") == 0
    assert "at Example Energy" in capsys.readouterr().err


def example() -> str:
    """The file that the how-to shows."""
    return REGISTER.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]


def test_a_proof_that_does_not_hold_ends_with_one(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    file.write_text("{}")
    assert run("verify", file) == 1
    assert "NOT PROVED" in capsys.readouterr().out
    assert run("verify", tmp_path / "missing.json") == 2
    assert run("verify", file, "--key", "k", "--key-file", file) == 2
    capsys.readouterr()
    assert run("verify", file, "--key", "nonsense") == 2
    said = capsys.readouterr()
    assert "name+id+key" in said.err
    assert said.out == ""


def test_a_certificate_has_no_evidence(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    certificate, evidence = tmp_path / "certificate.json", tmp_path / "evidence.json"
    certificate.write_bytes(a_certificate())
    evidence.write_text('{"detail":"1","kind":"key_pressed"}')
    assert run("verify", certificate, "--evidence", evidence) == 2
    said = capsys.readouterr()
    assert "certificate has no evidence" in said.err
    assert said.out == ""
    assert run("verify", certificate) == 0


def test_rules_are_checked(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    house = Path(cli.__file__).parents[1] / "policy" / "house"
    assert run("rules", "check", house) in (0, 1)
    (tmp_path / "broken.cedar").write_text("permit (principal")
    capsys.readouterr()
    assert run("rules", "check", tmp_path) == 1
    assert "broken.cedar" in capsys.readouterr().out
    assert run("rules", "check", tmp_path / "nowhere") == 2


def test_a_database_is_brought_up_to_date_as_often_as_one_likes(run: Run) -> None:
    assert run("migrate") == 0
    assert run("migrate") == 0


def test_a_database_that_is_away_is_an_outage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert run("migrate") == 3


def test_a_setting_that_is_wrong_is_a_mistake(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIGHTCALL_HTTP", "nowhere")
    assert run("migrate") == 2
    assert "RIGHTCALL_HTTP: " in (said := capsys.readouterr().err)
    assert "HOST:PORT" in said


def test_a_measurement_is_one_json_object_with_the_machine(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "quick.py").write_text("def run():\n    return {'per_second': 7}\n")
    monkeypatch.setattr(measurements, "__path__", [str(tmp_path)])
    assert names() == ["quick"]
    assert run("bench", "quick", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["results"] == {"quick": {"per_second": 7}}
    assert set(told["machine"]) == set(machine()) == {"cpu", "cores", "memory_gib", "disk", "kernel", "python"}
    assert told["machine"]["disk"] != "unknown"
    assert run("bench", "slow") == 2
    assert "quick" in capsys.readouterr().err


def test_roles_start_in_their_order_and_unknown_ones_are_a_mistake() -> None:
    assert [role.value for role in read_roles("media, web")] == ["web", "media"]
    for wrong in ("", "web,nonsense", ","):
        with pytest.raises(Malformed, match="web,worker"):
            read_roles(wrong)


def test_a_port_in_use_is_a_mistake_that_says_so(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert serve("--http", address, "--roles", "web") == (2, address)
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert serve("--sip", address, "--roles", "signalling") == (2, address)


def serve(*words: str) -> tuple[int, str]:
    """`serve` in a process of its own, which must refuse to start: its exit code, and the address that it names."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "rightcall", "serve", *words], capture_output=True, text=True, env=dict(os.environ)
    )
    assert "cannot be used" in done.stderr, done.stderr
    return done.returncode, next(word for word in done.stderr.split() if word.startswith("127.0.0.1:"))

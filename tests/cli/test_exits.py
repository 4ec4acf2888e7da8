"""What every command ends with when it is asked for what cannot be (2), and when the database is away (3)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from rightcall.cli import main as cli
from rightcall.cli.commands import COMMANDS
from rightcall.cli.main import app_of
from rightcall.settings import load_settings
from rightcall.wiring import open_house
from tests.cli.test_commands import example
from tests.cli.test_reviews import filled

_HOUSE = Path(cli.__file__).parents[1] / "policy" / "house"
_AWAY = "postgresql://nobody@127.0.0.1:1/nothing"
_ANY = "00000000-0000-7000-8000-000000000000"
_SIGNED = ("--token", "rightcall_" + "A" * 43)
_ANSWERED_FOR = ("--name", "A Name", "--reason", "a reason", "--category", "safety", "--until", "2099-01-01")
_LEAK = ("--from", "2026-11-01T00:00Z", "--until", "2026-11-24T12:00Z")
_NO_DATABASE = {
    "review template",
    "verify",
    "scan",
    "rules check",
    "rules mutants",
    "notice check",
    "bench",
    "demo",
    "testcall",
    "serve",
    "man",
}
_NEEDS_DATABASE = {
    "migrate": (),
    "backup": ("PLACE/backup",),
    "backups": (),
    "backups gone": (_ANY,),
    "backups look": (),
    "staff create": ("--role", "administrator"),
    "staff list": (),
    "staff link": ("0",),
    "staff role": ("0", "dpo"),
    "staff suspend": ("0",),
    "staff restore": ("0",),
    "staff forget": ("0",),
    "staff sessions": ("0",),
    "token create": ("--role", "dpo"),
    "token list": (),
    "token revoke": ("0",),
    "controller create": ("--name", "C", "--address", "a", "--contact", "c", "--jurisdiction", "EU"),
    "controller list": (),
    "controller language": ("da",),
    "controller remember": ("730",),
    "controller on-record": ("730",),
    "controller zone": ("UTC",),
    "register apply": ("PLACE/register.toml",),
    "vcon import": ("PLACE/register.toml",),
    "review draft": ("PLACE/review.toml", *_SIGNED),
    "review sign": (_ANY, "--capacity", "for_agents", *_SIGNED),
    "review withdraw": (_ANY, *_SIGNED),
    "review show": (_ANY,),
    "review list": (),
    "review export": (_ANY, "--kind", "dpia"),
    "rules copy": ("PLACE/copied",),
    "rules draft": (str(_HOUSE), *_SIGNED),
    "rules replay": (str(_HOUSE), "--since", "9"),
    "rules adopt": (_ANY, *_SIGNED),
    "rules withdraw": (_ANY, *_SIGNED),
    "rules history": (),
    "rules show": (),
    "override give": ("house.some-rule", *_SIGNED, *_ANSWERED_FOR),
    "override end": (_ANY, *_SIGNED),
    "override forget": (_ANY, *_SIGNED),
    "override list": (),
    "purpose list": (),
    "purpose show": ("training",),
    "purpose translations": ("training",),
    "purpose translate": ("training", "PLACE/translation.toml", *_SIGNED),
    "purpose retire-translation": ("training", "fi", *_SIGNED),
    "notice public": (),
    "consent quality": (),
    "parity": (),
    "parity import": ("PLACE/register.toml",),
    "verdict ask": ("PLACE/question.json", *_SIGNED),
    "verdict show": (_ANY,),
    "verdict summary": (),
    "concern raise": (*_SIGNED, "--about", "call", "--words", "PLACE/words"),
    "concern list": _SIGNED,
    "concern show": (_ANY, *_SIGNED),
    "concern own": (_ANY, *_SIGNED),
    "concern answer": (_ANY, *_SIGNED, "--outcome", "upheld", "--words", "PLACE/words"),
    "concern decide": (_ANY, *_SIGNED, "--outcome", "upheld", "--words", "PLACE/words"),
    "concern accept": (_ANY, *_SIGNED),
    "concern appeal": (_ANY, *_SIGNED, "--words", "PLACE/words"),
    "concern consent": (_ANY, *_SIGNED, "--shown"),
    "concern forget": (_ANY, *_SIGNED),
    "concern rates": (),
    "activities": (),
    "activities add-recipient": (*_SIGNED, "--name", "C", "--kind", "processor", "--country", "DK", "--purpose", "training"),
    "activities add-responsible": (*_SIGNED, "--capacity", "dpo", "--name", "Office", "--contact", "o@x.example"),
    "activities end-recipient": (_ANY, *_SIGNED),
    "activities end-responsible": (_ANY, *_SIGNED),
    "breach enter": (*_LEAK, "--known", "2026-11-24T09:00Z", *_SIGNED),
    "breach list": (),
    "breach rehearse": _LEAK,
    "breach show": (_ANY,),
    "breach weigh": (_ANY, *_SIGNED),
    "held": (_ANY,),
    "joins accept": (_ANY, *_SIGNED, "--reason", "person_said_so"),
    "joins list": _SIGNED,
    "joins refuse": (_ANY, *_SIGNED, "--reason", "person_said_so"),
    "joins undo": (_ANY, *_SIGNED),
    "links accept": (_ANY, *_SIGNED, "--reason", "seen_in_source"),
    "links compare": (_ANY, *_SIGNED, "--purpose", "training"),
    "links list": _SIGNED,
    "links refuse": (_ANY, *_SIGNED, "--reason", "same_name"),
    "links reopen": (_ANY, *_SIGNED, "--reason", "same_name"),
    "links run": _SIGNED,
    "links show": (_ANY, *_SIGNED),
    "links undo": (_ANY, *_SIGNED, "--reason", "same_name"),
    "map": (),
    "minimisation": (),
    "minimisation accept": (_ANY, *_SIGNED),
    "minimisation plot": ("training", "PLACE/plot.svg"),
    "minimisation reject": (_ANY, *_SIGNED, "--reason", "needed_later"),
    "provenance": ("--subject", _ANY),
    "safety accept": (_ANY, *_SIGNED, "--reason", "not_so", "--until", "2099-01-01"),
    "safety list": _SIGNED,
    "safety look": ("crm", *_SIGNED),
    "system add": ("crm", "--address", "PLACE", *_SIGNED),
    "system cancel": (_ANY, *_SIGNED),
    "system check": ("crm", *_SIGNED),
    "system words": ("crm", *_SIGNED),
    "system list": _SIGNED,
    "system retire": ("crm", *_SIGNED),
    "system scan": ("crm", *_SIGNED),
    "system findings": ("crm", *_SIGNED),
    "system show": ("crm", *_SIGNED),
    "terms": (),
    "terms longer": ("training", "400", *_SIGNED),
    "terms shorter": ("training", "20", *_SIGNED),
    "requests enter": (_ANY, "--kind", "access", *_SIGNED),
    "requests list": _SIGNED,
    "requests show": (_ANY, *_SIGNED),
    "requests letter": (_ANY, "--letter", "acknowledgement", *_SIGNED),
    "requests prove": (_ANY, "--proof", "recognised", *_SIGNED),
    "requests mandate": (_ANY, "--who", "PLACE/words", "--evidence", "power_of_attorney", "--until", "2099-01-01", *_SIGNED),
    "requests acknowledge": (_ANY, *_SIGNED),
    "requests lift": (_ANY, *_SIGNED),
    "requests wishes": (_ANY, *_SIGNED),
    "requests not-theirs": (_ANY, "--limit", "restricted", "--reason", "other_asked", *_SIGNED),
    "requests extend": (_ANY, "--reason", "complex", *_SIGNED),
    "requests fulfil": (_ANY, *_SIGNED),
    "requests go-on": (_ANY, "--reason", "cannot_be_told", *_SIGNED),
    "requests deny": (_ANY, "--ground", "manifestly_unfounded", *_SIGNED),
    "hold list": _SIGNED,
    "hold show": ("dispute-1", *_SIGNED),
    "hold place": ("dispute-1", "--reason", "legal_claims", "--until", "2099-01-01", "--keep", f"{_ANY}:training", *_SIGNED),
    "hold agree": ("dispute-1", *_SIGNED),
    "hold prolong": ("dispute-1", "--until", "2099-01-01", *_SIGNED),
    "hold lift": ("dispute-1", *_SIGNED),
    "hold letter": ("dispute-1", _ANY, *_SIGNED),
    "hold told": ("dispute-1", _ANY, *_SIGNED),
    "requests take": ("PLACE/words", *_SIGNED),
    "requests mails": _SIGNED,
    "requests read": (_ANY, *_SIGNED),
    "requests enter-mail": (_ANY, "--kind", "access", *_SIGNED),
    "requests dismiss-mail": (_ANY, *_SIGNED),
    "requests add-agent": ("AGENT", "--business", "B", "--key", "rubbish", *_SIGNED),
    "requests agents": _SIGNED,
    "requests retire-agent": (_ANY, *_SIGNED),
    "requests package show": (_ANY, *_SIGNED),
    "requests package make": (_ANY, *_SIGNED),
    "requests package decide": (_ANY, _ANY, "--give", *_SIGNED),
    "requests package hand-over": (_ANY, *_SIGNED),
    "requests package let-go": (_ANY, *_SIGNED),
    "procedures list": (),
    "procedures show": ("look_at_parity:1",),
    "procedures retry": ("look_at_parity:1", *_SIGNED),
    "procedures cancel": ("look_at_parity:1", *_SIGNED),
    "procedures escalations": (),
    "procedures schedules": (),
    "attestation code": ("--kind", "tel", "--from", "PLACE/number", *_SIGNED),
    "attestation by-code": (_ANY, "--digits", "12345678", "--kind", "tel", "--from", "PLACE/number", *_SIGNED),
    "attestation give": ("--kind", "tel", "--from", "PLACE/number", "--shown-by", "audit", *_SIGNED),
    "attestation file": (_ANY, "PLACE/attestation", *_SIGNED),
    "corrections list": (_ANY, *_SIGNED),
    "corrections of-holding": (_ANY, *_SIGNED),
    "corrections enter": (_ANY, _ANY, __file__, *_SIGNED),
    "corrections done": (_ANY, _ANY, "crm", *_SIGNED),
    "corrections keeper-letter": (_ANY, _ANY, "crm", *_SIGNED),
    "corrections take-back": (_ANY, _ANY, *_SIGNED),
    "corrections keeper-told": (_ANY, _ANY, "crm", *_SIGNED),
    "corrections keeper-answered": (_ANY, _ANY, "crm", "--answer", "corrected", *_SIGNED),
    "corrections letter": (_ANY, _ANY, "C", *_SIGNED),
    "corrections told": (_ANY, _ANY, "C", *_SIGNED),
    "corrections answered": (_ANY, _ANY, "C", "--answer", "corrected", *_SIGNED),
    "erasure list": _SIGNED,
    "erasure show": (_ANY, *_SIGNED),
    "erasure places": (_ANY, "crm", *_SIGNED),
    "erasure retry": (_ANY, "crm", *_SIGNED),
    "erasure keeper-letter": (_ANY, "crm", *_SIGNED),
    "erasure keeper-told": (_ANY, "crm", *_SIGNED),
    "erasure keeper-answered": (_ANY, "crm", "--answer", "let_go", *_SIGNED),
    "erasure letter": (_ANY, "C", *_SIGNED),
    "erasure told": (_ANY, "C", *_SIGNED),
    "erasure question": (_ANY, "C", *_SIGNED),
    "erasure ask": (_ANY, "C", "--with", "1", *_SIGNED),
    "erasure do-not-ask": (_ANY, "C", "--because", "shared", *_SIGNED),
    "erasure answered": (_ANY, "C", "--answer", "let_go", *_SIGNED),
    "processor add": ("C", "--url", "https://processor.example/v2", *_SIGNED),
    "processor list": _SIGNED,
    "processor orders": _SIGNED,
    "processor results": (_ANY, *_SIGNED),
    "processor retire": ("C", *_SIGNED),
    "processor retry": (_ANY, *_SIGNED),
    "reopen": ("its disk burnt",),
    "epoch rotate": (),
    "ledger key": (),
    "ledger show": (_ANY,),
    "ledger audit": (),
    "ledger proof": ("1",),
}
# These look at the backup first.
_NEEDS_BACKUP = {"drill", "restore"}


def every_command() -> set[str]:
    return {" ".join(path) for path in below(typer.main.get_command(app_of(COMMANDS)))} - {"role"}


def below(command: object) -> Iterator[tuple[str, ...]]:
    """The paths of all commands in a group, and in the groups in it."""
    for name, each in getattr(command, "commands", {}).items():
        inner = list(below(each))
        yield from ((name, *path) for path in inner)
        if not inner or each.invoke_without_command:
            yield (name,)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment whose keys are there."""
    place = tmp_path_factory.mktemp("place")
    with open_house(load_settings(data=place / "data", database_url=None)):
        (place / "register.toml").write_text(example())
        (place / "review.toml").write_text(filled())
        (place / "translation.toml").write_text('language = "fi"\ntitle = "Koulutus"\njustification = "Koska."\n')
        (place / "number").write_text("+4532123456")
        (place / "words").write_text("Nobody asks before listening.")
        (place / "question.json").write_text('{"act": "activate", "purpose": "training", "what_if": {}}')
    return place


def test_the_table_has_every_command() -> None:
    assert every_command() == _NO_DATABASE | set(_NEEDS_DATABASE) | _NEEDS_BACKUP


@pytest.mark.parametrize("name", sorted(_NEEDS_DATABASE))
def test_a_database_that_is_away_is_an_outage(
    name: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", _AWAY)
    monkeypatch.setenv("RIGHTCALL_DATA", str(place / "data"))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    assert cli.code_of([*name.split(), *(word.replace("PLACE", str(place)) for word in _NEEDS_DATABASE[name])]) == 3
    said = capsys.readouterr()
    assert "something is away" in said.err
    assert said.out == ""


@pytest.mark.parametrize("url", ["foo-SECRET", "mysql://u:SECRET@h/n", "postgresql:SECRET", "postgresql://u:SECRET@h:port/n"])
def test_a_database_url_that_cannot_be_read_is_a_mistake_that_names_the_setting(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", url)
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    assert cli.code_of(["token", "list"]) == 2
    said = capsys.readouterr().err
    assert "RIGHTCALL_DATABASE_URL: " in said
    assert "postgresql://user:password@host/name" in said
    assert "SECRET" not in said


@pytest.mark.parametrize("name", sorted(every_command()))
def test_an_option_that_is_not_there_is_a_mistake(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    assert cli.code_of([*name.split(), "--nonsense"]) == 2


@pytest.mark.parametrize("name", sorted(every_command()))
def test_help_is_done(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    assert cli.code_of([*name.split(), "--help"]) == 0
    assert f"rightcall {name}" in " ".join(capsys.readouterr().out.split())

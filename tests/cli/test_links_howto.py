"""docs/howto/whose-is-it.md, step by step."""

from collections.abc import Callable, Iterator

import pytest

from rightcall.cli import main as cli
from rightcall.controllers import actions as controllers
from rightcall.discovery.detection.model import Kind
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house
from tests.cast import ADA_NAME, BEN_TEL
from tests.discovery.linking.scene import NAME, Estate, estate

Run = Callable[..., int]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)

    def run(*words: str) -> int:
        return cli.code_of([*words, "--data", str(house.settings.data)])

    assert run("token", "create", "--role", "dpo") == 0
    monkeypatch.setenv("RIGHTCALL_TOKEN", capsys.readouterr().out.split()[-1])
    return run


def found(house: House, fill: Callable[[Estate], object]) -> None:
    with house.database.system() as tx:
        [controller] = controllers.all_ids(tx)
    with house.database.transaction(controller) as tx:
        fill(estate(tx, house.vault, house.clock))


def test_from_the_run_to_the_decision(house: House, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    found(house, lambda crm: crm.record(("customer_id", "C-1"), (NAME, ADA_NAME), (Kind.PHONE, BEN_TEL)))
    assert run("links", "run") == 0
    assert "1 records: 0 certain, 0 likely, 0 doubtful, 1 new" in capsys.readouterr().out
    found(house, lambda crm: [crm.record((NAME, ADA_NAME), (Kind.PHONE, BEN_TEL)), crm.record((NAME, "Clara Smith"))])
    assert run("links", "run") == 0
    shown = capsys.readouterr().out
    assert "2 records: 0 certain, 0 likely, 1 doubtful, 0 new" in shown
    assert "1 with nobody: a name or an address alone tells nobody" in shown
    assert run("links", "list") == 0
    printed = capsys.readouterr()
    _, sort = printed.out.splitlines()
    assert "`rightcall links accept LINK --alike`" in printed.err
    person, waiting, alike, *_, link = sort.split()
    assert (waiting, alike) == ("1", "1")
    assert run("links", "list", "--of", person) == 0
    [_, single] = capsys.readouterr().out.splitlines()
    assert single.split()[-1] == link
    assert run("links", "list", "--of", "no-id") == 2
    assert run("links", "show", link) == 0
    shown = capsys.readouterr().out
    assert "the same telephone number: speaks for it" in shown
    assert "found: phone" in shown
    assert BEN_TEL not in shown
    assert run("links", "accept", link, "--reason", "seen_in_source") == 0
    assert run("links", "refuse", link, "--reason", "other") == 2
    assert run("links", "undo", link, "--reason", "same_name") == 0
    assert "waits for a word again" in capsys.readouterr().err
    assert run("links", "list") == 0
    [listed] = [line for line in capsys.readouterr().out.splitlines() if link in line]
    assert "undone by a person; " in listed
    assert run("links", "accept", link, "--reason", "seen_in_source") == 0
    assert run("links", "undo", link, "--reason", "same_name", "--alike") == 0
    assert run("links", "refuse", link, "--reason", "same_name") == 0
    assert run("links", "reopen", link, "--reason", "other") == 0
    assert run("links", "reopen", link, "--reason", "other") == 2
    capsys.readouterr()
    assert run("links", "show", link) == 0
    assert "certain, then undone, by the DPO: same_name" in capsys.readouterr().out
    assert run("links", "refuse", link, "--reason", "same_name") == 0
    assert run("links", "show", "no-id") == 2
    found(house, lambda crm: [crm.record((NAME, ADA_NAME), (Kind.PHONE, BEN_TEL), (NAME, "Lovelace")) for _ in range(2)])
    assert run("links", "run") == 0
    capsys.readouterr()
    assert run("links", "list") == 0
    sort = capsys.readouterr().out.splitlines()[-1]
    assert sort.split()[1:3] == ["2", "2"]
    assert run("links", "accept", sort.split()[-1], "--reason", "seen_in_source", "--alike") == 0
    assert "2 links are decided" in capsys.readouterr().err
    assert run("links", "refuse", sort.split()[-1], "--reason", "other", "--alike") == 2


def test_a_sort_of_doubt_is_told_and_decided_for_everyone(house: House, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    mails = [(Kind.EMAIL, f"{name}@everyone.example") for name in ("mads", "nora", "otto")]
    found(house, lambda crm: [crm.record(("customer_id", f"E-{nth}"), mail) for nth, mail in enumerate(mails)])
    assert run("links", "run") == 0
    found(house, lambda crm: [crm.record(mail) for mail in mails])
    assert run("links", "run") == 0
    capsys.readouterr()
    assert run("links", "list") == 0
    link = next(line.split()[-1] for line in capsys.readouterr().out.splitlines() if "the same e-mail address: speaks" in line)
    words = ("links", "accept", link, "--alike", "--everyone", "--reason", "other")
    assert run(*words, "--preview") == 0
    told = capsys.readouterr()
    assert told.out.startswith("3 records wait so on 3 people")
    assert "Nothing is decided" in told.err
    assert run(*words, "--most", "2") == 0
    assert "2 links are decided, each by itself; 1 are left." in capsys.readouterr().err
    assert run("links", "list", "--after", "no-id") == 2


def test_a_preview_promises_nothing_that_is_refused(house: House, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    mail = (Kind.EMAIL, "pia@everyone.example")
    found(house, lambda crm: crm.record(("customer_id", "P-1"), (NAME, "Pia Lund"), mail))
    assert run("links", "run") == 0
    found(house, lambda crm: crm.record((NAME, "Otto Lund"), mail))
    assert run("links", "run") == 0
    capsys.readouterr()
    assert run("links", "list") == 0
    link = next(line.split()[-1] for line in capsys.readouterr().out.splitlines() if "another given name" in line)
    for form in ((), ("--preview",)):
        assert run("links", "accept", link, "--everyone", *form, "--reason", "seen_in_source") == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert "one by one" in told.err
    assert run("links", "refuse", link, "--everyone", "--preview", "--reason", "other") == 0


def test_what_would_be_left_unsaid_is_refused(house: House, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Options that sort what waits say nothing of single links."""
    capsys.readouterr()
    assert run("links", "list", "--state", "certain", "--least", "0.9", "--system", "crm") == 2
    assert "--least and --system" in capsys.readouterr().err
    assert run("links", "list", "--state", "certain") == 0


def test_all_that_is_missing_for_a_look_is_told_at_once(house: House, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    found(house, lambda crm: crm.record(("customer_id", "C-1"), (NAME, ADA_NAME)))
    assert run("purpose", "list") == 0
    purpose = capsys.readouterr().out.splitlines()[1].split()[0]
    look = ("links", "compare", "0199a1de-0000-7000-8000-000000000001", "--purpose", purpose)
    for form in ((), ("--json",)):
        assert run(*look, *form, "--reason", "because", "--case", "x") == 2
        told = capsys.readouterr().err
        for missing in ("at least two words, ten letters in all", "--case is no reference", "No review of this purpose"):
            assert missing in told
        assert "`rightcall review draft FILE`" in told
    assert run(*look, "--reason", "to see whose it is", "--case", "x") == 2
    assert "--reason" not in (told := capsys.readouterr().err)
    assert "--case is no reference" in told
    assert run("system", "list") == 0
    findings = ("system", "findings", capsys.readouterr().out.splitlines()[1].split()[0], "--purpose", purpose)
    assert run(*findings, "--case", "x") == 2
    assert "--case is no reference" in (told := capsys.readouterr().err)
    assert "You gave no --reason" in told
    assert run(*findings) == 0
    assert "No review of this purpose" in (told := capsys.readouterr().err)
    assert "You gave no --reason" in told


def test_two_subjects_that_are_one_person(house: House, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    entered = (NAME, "Greta Holm"), (Kind.DATE_OF_BIRTH, "1985-12-10"), (Kind.EMAIL, "greta@caller.example")
    found(house, lambda crm: [crm.record(("customer_id", number), *entered) for number in ("G-1", "G-2")])
    assert run("links", "run") == 0
    assert run("joins", "list") == 0
    shown = capsys.readouterr().out
    assert "the same day of birth: speaks for it" in shown
    assert "reta" not in shown
    [proposal] = [line.split()[-1] for line in shown.splitlines() if "the same day of birth" in line]
    assert run("joins", "accept", proposal) == 0
    join = capsys.readouterr().out.strip()
    assert run("joins", "refuse", proposal, "--reason", "same_name") == 2
    assert run("joins", "undo", join) == 0
    assert run("joins", "accept", "no-id") == 2

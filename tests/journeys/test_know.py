"""A new user points Rightcall at two databases and a folder, untidy as they are, and asks for a person: what, and where from."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import psycopg
import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.passphrase import make_secret
from rightcall.cli import main as cli
from tests.adapters.systems.conftest import mariadb_server, mariadb_url, postgresql_url  # noqa: F401  # fixtures
from tests.adapters.systems.mariadb_server import MariaDBServer
from tests.ledger.fakes import own_database

HOW_TO = Path(__file__).parents[2] / "docs" / "howto" / "register-a-system.md"
ADA = ("KD-102311", "Ada Jensen", "+45 32 12 34 56", "ada.jensen@example.dk", "1980-03-12", "diabetic, wants reminders")
BEN = ("KD-102312", "Ben Holm", "32 12 34 57", "ben@example.dk", None, "called twice, angry")
METTE = ("KD-102313", "Mette Holm", "32 12 34 57", "mette@example.dk", "1975-07-01", None)
CALL = """agent: thank you for calling can you give me your customer number
caller: yes it is KD-102311
agent: and the number we reach you on
caller: three two one two three four five six
"""


@pytest.fixture(scope="module")
def url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "know_tests") as url:
        yield url


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """One command; what it prints."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    KeyFile(data / "keys", make_secret(data / "passphrase"), cost=Cost(n=16)).create("unused")
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", url)
    monkeypatch.setenv("RIGHTCALL_DATA", str(data))
    monkeypatch.chdir(tmp_path)

    def run(line: str, ends: int = 0) -> str:
        code = cli.code_of(shlex.split(line)[1:])
        said = capsys.readouterr()
        assert code == ends, said.err + said.out
        return said.out

    return run


@pytest.fixture
def crm(postgresql_url: str) -> str:  # noqa: F811
    with psycopg.connect(postgresql_url, autocommit=True) as owner:
        owner.execute(
            "CREATE TABLE customers (customer_no text PRIMARY KEY, full_name text, phone text, email text, born text, notes text)"
        )
        for row in (ADA, BEN, METTE):
            owner.execute("INSERT INTO customers VALUES (%s, %s, %s, %s, %s, %s)", row)
    pairs = dict(part.split("=", 1) for part in postgresql_url.split())
    return f"postgresql://{pairs['user']}:{pairs['password']}@/{pairs['dbname']}?host={pairs['host'].replace('/', '%2F')}"


@pytest.fixture
def tickets(mariadb_server: MariaDBServer, mariadb_url: str) -> str:  # noqa: F811
    name = urlsplit(mariadb_url).path.strip("/")
    with mariadb_server.connection(name) as root, root.cursor() as cursor:
        cursor.execute("CREATE TABLE ticket (id int PRIMARY KEY, customer varchar(20), body text) CHARACTER SET latin1")
        cursor.execute(
            "INSERT INTO ticket VALUES (7, 'KD-102311', 'Ring Ada Jensen on +45 32 12 34 56 about DK50 0040 0440 1162 43'),"
            " (8, NULL, 'router is broken'), (9, 'KD-102312', NULL)"
        )
    return mariadb_url


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "share"
    share.mkdir()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ada Jensen <ada.jensen@example.dk>", "service@energy.example", "Wrong bill"
    mail.set_content("Hello, my customer number is KD-102311. Kind regards, Ada Jensen")
    (share / "complaint.eml").write_bytes(mail.as_bytes())
    (share / "call-2024.txt").write_text(CALL)
    (share / "half.zip").write_bytes(b"PK\x03\x04 and no more")
    (share / "loop").symlink_to(share)
    with ZipFile(share / "old.zip", "w") as packed:
        packed.writestr("export.csv", "kundenr;Navn;Telefon\nKD-102312;Ben Holm;32 12 34 57\n")
    return share


def register(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch, crm: str, tickets: str, share: Path) -> None:
    (toml,) = re.findall(r"^```toml\n(.*?)^```$", HOW_TO.read_text(encoding="utf-8"), re.S | re.M)
    Path("register.toml").write_text(toml)
    run("rightcall register apply register.toml")
    monkeypatch.setenv("RIGHTCALL_TOKEN", run("rightcall token create --role dpo").split()[-1])
    for name, address, use in (("crm", crm, "--use care:*"), ("tickets", tickets, ""), ("share", str(share), "")):
        number = "--pattern customer_id=KD-[0-9]{6}"
        run(f"rightcall system add {name} --address {shlex.quote(address)} --region DK {number} {use}")


def test_from_three_systems_to_one_person(
    run: Callable[..., str], monkeypatch: pytest.MonkeyPatch, crm: str, tickets: str, share: Path, url: str
) -> None:
    register(run, monkeypatch, crm, tickets, share)
    assert "1 objects read" in run("rightcall system scan crm --wait")
    run("rightcall system scan tickets --wait")
    passed = run("rightcall system scan share --wait")
    assert "half.zip" in passed, "what could not be read is named"

    ada = whose(run, "pd:FinancialAccountNumber")
    shown = run(f"rightcall held {ada}")
    for where in ("crm: public.customers\n", "tickets: ", "share: object "):
        assert where in shown, shown
    assert "complaint.eml" not in shown, "which rows and files is shown for a purpose"
    why = "--reason 'answering their access request' --case R-17"
    assert "No review of this purpose is in force" in run(f"rightcall held {ada} --purpose care {why}", ends=1)
    assert "for care until" in shown
    assert "for no purpose that anybody has said" in shown
    assert ADA[2] not in shown, "where it lies, and never the value"
    assert "Holm" not in shown, "nobody else's"

    run(f"rightcall provenance --subject {ada} --svg ada.svg")
    assert Path("ada.svg").read_text(encoding="utf-8").startswith("<svg")
    prov = json.loads(run(f"rightcall provenance --subject {ada} --json"))
    assert set(prov) >= {"entity", "activity", "agent"}

    assert "no purpose" in run("rightcall map")
    run("rightcall map --check")
    assert "Held without a purpose" in run("rightcall activities")
    leak = "--from 2026-01-01T00:00Z --until 2099-01-01T00:00Z"
    assert run(f"rightcall breach rehearse --system tickets {leak}").startswith("About 2 people whom we can name, with 5 items.")
    assert values_in(url) == []


def whose(run: Callable[..., str], category: str) -> str:
    """The person whose account number lies in the tickets: found by what is held, not by a name."""
    entities = json.loads(run("rightcall provenance --system tickets --json"))["entity"].values()
    (ada,) = {each["rc:about"]["$"] for each in entities if each.get("prov:type", {}).get("$") == category}
    return str(ada).removeprefix("id:subject-")


def values_in(url: str) -> list[str]:
    """What was found, in any table of ours in the clear."""
    planted = [part for person in (ADA, BEN, METTE) for part in person[1:4] if part]
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        found = []
        for (table,) in tables:
            rows = connection.execute(f'SELECT t::text FROM "{table}" t').fetchall()  # noqa: S608  # names of our own tables
            found += [table for (row,) in rows if any(value in row for value in planted)]
    return sorted(set(found))

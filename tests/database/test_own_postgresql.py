"""A PostgreSQL of one's own, over TCP, with a login that is no superuser: the same tables, the same isolation, the same deeds."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from rightcall.adapters.backup import backup, restore
from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.objects.store import Objects
from rightcall.clock import SystemClock
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.database.connection import Database
from rightcall.database.migrate import migrate
from rightcall.errors import DatabaseGone, NotConfigured
from rightcall.evidence.model import Grade
from rightcall.ids import ControllerId, new_id
from rightcall.procedures.engine import Engine
from rightcall.requests.model import Answered
from rightcall.vault.actions import Vault
from tests.adapters.objects.test_store import s3
from tests.conftest import FixedClock
from tests.database.servers import Server, installations, make_certificate, running, speaks_tls
from tests.erasure.fakes import world_of
from tests.journeys.deployment import deployed, eventually, patiently

__all__ = ["s3"]
PROGRAMS = installations()
# The wheel's PostgreSQL is built without TLS; where no other is installed there is nothing that could be tried.
TLS_PROGRAMS = sorted(version for version, programs in PROGRAMS.items() if speaks_tls(programs))
COMPANY = NewController(
    name="Example Energy", address="1 Example Street", contact="dpo@energy.example", jurisdictions=("EU", "DK")
)


@pytest.fixture(scope="module", params=sorted(PROGRAMS))
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(PROGRAMS[request.param], request.param, tmp_path_factory.mktemp("own-postgresql")) as server:
        yield server


@pytest.fixture
def server(own: Server) -> Iterator[Server]:
    yield own
    own.forget()


def company_in(database: Database) -> Controller:
    with database.system() as tx:
        return create(tx, SystemClock(), COMPANY)


def check_deeds(url: str, folder: Path) -> None:
    """Isolation, a call kept, its erasure and the proof of it; and that procedures find their place."""
    database, clock = Database(url), FixedClock()
    try:
        vault = Vault(KeyFile(folder / "keys", b"a passphrase for tests", cost=Cost(n=16)), clock)
        vault.start(database)
        first, second = company_in(database), company_in(database)
        world = world_of(database, first.id, vault, clock, folder).recorded()
        for controller, sees in ((first.id, 2), (second.id, 0), (ControllerId(new_id()), 0)):
            with database.transaction(controller) as tx:
                assert tx.connection.execute("SELECT count(*) AS n FROM holdings").fetchone() == {"n": sees}
        with database.transaction(first.id) as tx:
            assert tx.connection.execute("SELECT current_user AS me").fetchone() == {"me": "rightcall_app"}
        request = world.ask_for_erasure(world.ada)
        world.answer(request)
        assert world.request(request).outcome is Answered.FULFILLED
        assert [grade for grade, _ in world.certificates(request.subject)] == [Grade.COMPLETE_AFTER_BACKUPS]
        assert vault.rotate(database).epoch == 2
    finally:
        database.close()
    engine = Engine(url, "own-postgresql")
    engine.launch()
    assert engine.failed() == []
    engine.stop()


def test_a_login_that_may_make_roles_needs_nothing_else(server: Server, tmp_path: Path) -> None:
    url = server.login("energy", "CREATEROLE")
    migrate(url)
    migrate(url)
    check_deeds(url, tmp_path)


def test_roles_that_an_administrator_made_are_enough(server: Server, tmp_path: Path) -> None:
    url = server.login("energy")
    server.ask(
        "CREATE ROLE rightcall_app NOLOGIN",
        "CREATE ROLE rightcall_system NOLOGIN",
        "GRANT rightcall_app, rightcall_system TO energy",
    )
    migrate(url)
    check_deeds(url, tmp_path)


@pytest.mark.parametrize("are_there", [False, True])
def test_without_the_roles_it_says_what_to_ask_for(server: Server, are_there: bool) -> None:
    url = server.login("energy")
    if are_there:
        server.ask("CREATE ROLE rightcall_app NOLOGIN", "CREATE ROLE rightcall_system NOLOGIN")
    with pytest.raises(NotConfigured, match="GRANT rightcall_app, rightcall_system TO the login") as caught:
        migrate(url)
    assert "secret-of" not in str(caught.value)
    server.ask(*(() if are_there else ("CREATE ROLE rightcall_app NOLOGIN", "CREATE ROLE rightcall_system NOLOGIN")))
    server.ask("GRANT rightcall_app, rightcall_system TO energy")
    migrate(url)


def test_a_login_that_does_not_own_its_database_says_so(server: Server) -> None:
    server.login("energy", "CREATEROLE")
    server.ask("CREATE DATABASE others")
    with pytest.raises(NotConfigured, match="own its database"):
        migrate(server.url("energy", "others"))


def test_a_wrong_password_is_an_outage_without_it(server: Server) -> None:
    url = server.login("energy", "CREATEROLE").replace("secret-of-energy", "wrong-word")
    with pytest.raises(DatabaseGone) as caught:
        migrate(url)
    assert "wrong-word" not in str(caught.value)


def test_a_backup_needs_a_role_that_reads_all_rows_and_a_restore_does_not(server: Server, tmp_path: Path) -> None:
    url = server.login("energy", "CREATEROLE")
    migrate(url)
    database, clock = Database(url), FixedClock()
    vault = Vault(KeyFile(tmp_path / "keys", b"a passphrase for tests", cost=Cost(n=16)), clock)
    vault.start(database)
    world = world_of(database, company_in(database).id, vault, clock, tmp_path).recorded()
    ada = world.ada
    with pytest.raises(NotConfigured, match="BYPASSRLS"):
        backup(url, world.objects, tmp_path / "refused")
    server.ask("CREATE ROLE saver LOGIN BYPASSRLS PASSWORD 'secret-of-saver'", "GRANT pg_read_all_data TO saver")
    backup(server.url("saver", "energy"), world.objects, tmp_path / "backup")
    database.close()
    server.ask("CREATE DATABASE again OWNER energy")
    again = server.url("energy", "again")
    restore(again, Objects(f"file://{tmp_path / 'again'}"), tmp_path / "backup")
    migrate(again)
    restored = Database(again)
    vault.start(restored, after_restore=True)
    with restored.transaction(world.controller) as tx:
        assert vault.subject_exists(tx, ada)
    with restored.transaction(ControllerId(new_id())) as tx:
        assert tx.connection.execute("SELECT count(*) AS n FROM holdings").fetchone() == {"n": 0}
    restored.close()


@pytest.mark.parametrize("version", TLS_PROGRAMS)
def test_tls_holds_for_every_connection(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, version: str) -> None:
    """The server takes nothing else: the pool, the migrations, the procedures and pg_dump all check its certificate."""
    made = make_certificate(tmp_path)
    with running(PROGRAMS[version], version, tmp_path_factory.mktemp("tls"), tls=made) as server:
        url = server.login("energy", "CREATEROLE")
        with pytest.raises(DatabaseGone):
            migrate(url.replace("verify-full", "disable"))
        migrate(url)
        check_deeds(url, tmp_path)
        saver = server.login("saver", "BYPASSRLS").replace("/saver?", "/energy?")
        server.ask("GRANT pg_read_all_data TO saver")
        objects = Objects(f"file://{tmp_path / 'objects'}")
        backup(saver, objects, tmp_path / "backup")
        (tmp_path / "other").mkdir()
        other, _ = make_certificate(tmp_path / "other")
        with pytest.raises(DatabaseGone):
            backup(saver.replace(str(made[0]), str(other)), objects, tmp_path / "refused")


def test_a_call_is_recorded_with_both_of_ones_own(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`rightcall serve` on a server of one's own and a bucket; a test call with a yes; the sealed sound is in the bucket only."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    version = max(PROGRAMS)
    with running(PROGRAMS[version], version, tmp_path_factory.mktemp("served")) as server:
        url = server.login("energy", "CREATEROLE")
        bucket = boto3.client("s3", endpoint_url=s3, region_name="us-east-1")
        bucket.create_bucket(Bucket="energy-sealed")

        def kept() -> list[str]:
            listed = bucket.list_objects_v2(Bucket="energy-sealed").get("Contents", [])
            return [item["Key"] for item in listed]

        where = {"database_url": url, "objects_url": "s3://energy-sealed/rightcall", "objects_endpoint": s3}
        with deployed(tmp_path, **where) as deployment:
            words = ["--token", deployment.tokens["agent"], "--api", deployment.address, "--caller", "+4532123456"]
            words += ["--sip", f"{deployment.sip[0]}:{deployment.sip[1]}", "--agent", "sip:agent7@energy.example"]
            words += ["--answer", "training=granted", "--seconds", "3"]
            done = subprocess.run(
                [sys.executable, "-m", "rightcall", "testcall", *words],
                capture_output=True,
                text=True,
                check=False,
                env=os.environ,
            )
            assert done.returncode == 0, done.stderr
            assert "in 2 takes" in done.stdout
            assert len(eventually(lambda: kept() if len(kept()) == 2 else None, 30.0, "two sealed objects in the bucket")) == 2
            assert all(key.startswith("rightcall/") for key in kept())
            assert not (deployment.data / "objects").exists()
            assert not (deployment.data / "database").exists()
            (subject,) = deployment.dpo.get("/subjects", tel="+4532123456")["items"]
            request = deployment.dpo.post("/requests", {"subject": subject["id"], "kind": "erasure"})
            eventually(
                lambda: deployment.dpo.get(f"/requests/{request['id']}")["outcome"] == "fulfilled",
                60.0,
                "the request is fulfilled",
            )
            assert kept() == []
            (certificate,) = deployment.dpo.get(f"/subjects/{subject['id']}/certificates")["items"]
            assert patiently(lambda: deployment.dpo.content(certificate["file"].removeprefix("/api/v1")))

"""A drill of a deployment whose PostgreSQL and whose bucket are one's own: nothing of it is on this machine but the keys."""

from pathlib import Path

import boto3
import pytest

from rightcall.adapters.backup import backup
from rightcall.copies.model import Fault
from rightcall.database.connection import Database
from rightcall.database.migrate import migrate
from rightcall.settings import load_settings
from rightcall.wiring import build
from rightcall.worker import drilling
from tests.adapters.objects.test_store import s3
from tests.cli.test_backups import keep_something
from tests.database.servers import installations, running

__all__ = ["s3"]


def test_a_backup_of_ones_own_database_and_bucket_is_tried_beside_them(
    s3: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setattr(drilling, "_PATIENCE_SECONDS", 0.0)
    bucket = boto3.client("s3", endpoint_url=s3, region_name="us-east-1")
    bucket.create_bucket(Bucket="drilled")
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    programs = installations()
    with running(programs[max(programs)], max(programs), tmp_path_factory.mktemp("drilled")) as server:
        url = server.login("energy", "CREATEROLE")
        migrate(url)
        server.ask("CREATE ROLE saver LOGIN BYPASSRLS PASSWORD 'secret-of-saver'", "GRANT pg_read_all_data TO saver")
        settings = load_settings(data=data, database_url=url, objects_url="s3://drilled/rightcall", objects_endpoint=s3)
        database = Database(url)
        try:
            with build(settings, database) as house:
                keep_something(house, tmp_path)
                backup(server.url("saver", "energy"), house.objects, tmp_path / "backups" / "one")
                before = stored(bucket)
                found = drilling.drill_backup(house, drilling.newest(tmp_path / "backups"))
                assert (found.faults, found.live, found.live_opened) == ((), 1, 1)
                assert stored(bucket) == before, "the bucket is left as it was"
                assert [each.name for each in (data / "drill").iterdir()] == ["lock"]
                bucket.delete_object(Bucket="drilled", Key=before[0])
                backup(server.url("saver", "energy"), house.objects, tmp_path / "backups" / "two")
                lost = drilling.drill_backup(house, drilling.newest(tmp_path / "backups"))
                assert lost.faults == (Fault.LIVE_IS_LOST,), "a new backup of what the bucket had lost does not help"
        finally:
            database.close()


def stored(bucket: "boto3.client") -> list[str]:
    return sorted(each["Key"] for each in bucket.list_objects_v2(Bucket="drilled").get("Contents", []))

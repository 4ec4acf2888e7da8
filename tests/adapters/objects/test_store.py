"""The same promises from a folder and from a real S3 server process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import obstore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightcall.adapters.objects.store import Objects
from rightcall.errors import Malformed, NotConfigured, NotFound, ObjectsGone
from rightcall.ids import HoldingId, new_id

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """moto's server, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        endpoint = f"http://127.0.0.1:{port}"
        for _ in range(300):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        _bucket(endpoint)
        yield endpoint
        server.terminate()


def _bucket(endpoint: str) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_bucket(Bucket="sealed")
    client.close()


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    if request.param == "folder":
        return Objects(f"file://{tmp_path}/objects")
    return Objects(f"s3://sealed/{new_id()}", request.getfixturevalue("s3"), environment=CREDENTIALS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "some.sealed"
    made.write_bytes(os.urandom(100_000))
    return made


@pytest.mark.parametrize("folder", ["", "2031-11-27/20261127T1926/"])
def test_put_read_measured_listed_and_deleted(objects: Objects, file: Path, folder: str) -> None:
    bytes_ = file.read_bytes()
    key, other = f"{new_id()}/{folder}{new_id()}", f"{new_id()}/{folder}{new_id()}"
    objects.put_file(key, file)
    objects.put_file(other, file)
    assert objects.size(key) == len(bytes_)
    assert objects.get_range(key, 0, len(bytes_)) == bytes_
    assert objects.get_range(key, 70_000, 1000) == bytes_[70_000:71_000]
    assert list(objects.list(key.partition("/")[0])) == [key]
    assert sorted(objects.list("")) == sorted([key, other])
    objects.delete(key)
    objects.delete(key)
    assert list(objects.list("")) == [other]
    for gone in (lambda: objects.size(key), lambda: objects.get_range(key, 0, 1)):
        with pytest.raises(NotFound):
            gone()


@given(start=st.integers(0, 300), length=st.integers(0, 300))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_range_is_what_a_slice_would_be(objects: Objects, tmp_path: Path, start: int, length: int) -> None:
    content = bytes(range(200))
    (tmp_path / "small").write_bytes(content)
    objects.put_file("a/b", tmp_path / "small")
    assert objects.get_range("a/b", start, length) == content[start : start + length]


def test_the_same_key_takes_the_newer_file(objects: Objects, file: Path) -> None:
    objects.put_file("a/b", file)
    file.write_bytes(b"newer")
    objects.put_file("a/b", file)
    assert objects.get_range("a/b", 0, 100) == b"newer"


def test_a_large_file_goes_in_parts(objects: Objects, file: Path) -> None:
    file.write_bytes(os.urandom(1 << 20) * 12)
    objects.put_file("a/large", file)
    assert objects.size("a/large") == 12 << 20


def test_a_deletion_that_did_not_happen_is_an_outage(objects: Objects, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objects.put_file("a/b", file)
    monkeypatch.setattr(obstore, "delete", lambda *_: None)
    monkeypatch.setattr("os.unlink", lambda *_, **__: None)
    with pytest.raises(ObjectsGone, match="Nothing is confirmed"):
        objects.delete("a/b")


def test_many_go_at_once_and_what_was_not_there_is_gone_too(objects: Objects, file: Path) -> None:
    keys = [f"a/{nth}" for nth in range(1500)]
    for key in keys[:20]:
        objects.put_file(key, file)
    objects.put_file("b/kept", file)
    assert objects.delete_all(keys) == keys
    assert list(objects.list("")) == ["b/kept"]
    assert objects.delete_all([]) == []


def test_of_many_only_what_is_gone_is_told(objects: Objects, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("a/1", "a/2"):
        objects.put_file(key, file)
    objects.delete("a/2")
    monkeypatch.setattr(obstore, "delete", lambda *_: None)
    monkeypatch.setattr("os.unlink", lambda *_, **__: None)
    assert objects.delete_all(["a/1", "a/2"]) == ["a/2"]


def test_what_lies_together_goes_together_and_alone_what_is_gone_is_told(
    objects: Objects, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = ([HoldingId(new_id()) for _ in range(3)] for _ in range(2))
    places = {"a/2027-01-01/20261124T1200": here, "a/2027-01-02/20261124T1200": there}
    for place, ids in places.items():
        for id in ids:
            objects.put_file(f"{place}/{id}", file)
    first, second = places
    assert list(objects.delete_together({first: here[:2]})) == here[:2]
    assert sorted(objects.list("")) == sorted([f"{first}/{here[2]}", *(f"{second}/{id}" for id in there)])
    assert set(objects.delete_together({first: here, second: there})) == {*here, *there}
    assert list(objects.list("")) == []
    assert set(objects.delete_together(places)) == {*here, *there}, "what never was there is gone too"
    objects.put_file(f"{first}/{here[0]}", file)
    monkeypatch.setattr(obstore, "delete", lambda *_: None)
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    assert here[0] not in objects.delete_together({first: here[:1]})


def test_keys_never_leave_their_place(objects: Objects, file: Path) -> None:
    for key in ("../b", "a/../../b"):
        with pytest.raises(Malformed):
            objects.delete_together({key: [HoldingId(new_id())]})
        with pytest.raises(Malformed):
            objects.put_file(key, file)
        with pytest.raises(Malformed):
            objects.delete_all([key])


def test_a_file_that_is_not_there_is_not_put(objects: Objects, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        objects.put_file("a/b", tmp_path / "missing")


def test_negative_ranges_are_malformed(objects: Objects) -> None:
    with pytest.raises(Malformed):
        objects.get_range("a/b", -1, 5)


def test_in_a_folder_objects_are_ours_alone(tmp_path: Path, file: Path) -> None:
    Objects(f"file://{tmp_path}/objects").put_file("a/b", file)
    assert (tmp_path / "objects/a/b").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "objects").stat().st_mode & 0o077 == 0


def test_a_store_that_is_away_is_an_outage(file: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = Objects("s3://sealed", f"http://127.0.0.1:{closed.getsockname()[1]}", environment=CREDENTIALS)
        for deed in (lambda: away.put_file("a/b", file), lambda: away.delete("a/b"), lambda: list(away.list(""))):
            with pytest.raises(ObjectsGone, match="try again"):
                deed()


def test_without_credentials_or_a_proper_address_it_refuses_to_start() -> None:
    with pytest.raises(NotConfigured, match="AWS_ACCESS_KEY_ID"):
        Objects("s3://sealed", environment={"AWS_ACCESS_KEY_ID": "only half"})
    for wrong in ("file://relative", "http://127.0.0.1/x", "s3://", "nonsense"):
        with pytest.raises(NotConfigured, match="RIGHTCALL_OBJECTS_URL"):
            Objects(wrong, environment=CREDENTIALS)

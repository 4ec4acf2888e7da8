"""A bucket as a source, against a real S3 server: whatever its keys are, whatever it keeps of what was deleted."""

import gzip
import io
import logging
import zipfile
from typing import Any

import pytest

from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.opening import open_system
from rightcall.adapters.systems.s3 import asking, reading
from rightcall.adapters.systems.s3.system import Bucket
from rightcall.clock import SystemClock
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.parts import Prose, Rows
from rightcall.discovery.ports import Ability, Gone, Listed, SafetyFact, Spot, System
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.personal import Personal

ODD = ("a b.txt", "æ/ø.txt", "plus+?&=%2F.txt", "a//b", "../up", "/abs", "tab\there", "x=1/y:2.txt")


def listed(system: System) -> dict[str, Listed]:
    return {each.name: each for each in system.objects() if isinstance(each, Listed)}


def text_of(system: System, name: str) -> str:
    [prose] = system.read(Listed(name=name, fingerprint=None, size=None))
    assert isinstance(prose, Prose)
    return "".join(piece for _, piece in prose.pieces)


def put(client: Any, bucket: str, key: str, body: bytes = b"Ada") -> None:
    client.put_object(Bucket=bucket, Key=key, Body=body)


def test_every_key_is_listed_and_read_as_it_is(client: Any, bucket: str, address: str) -> None:
    for key in ODD:
        put(client, bucket, key, key.encode())
    system = open_system(Personal(address))
    there = listed(system)
    assert sorted(there) == sorted(ODD)
    assert {key: text_of(system, key) for key in ODD} == {key: key for key in ODD}
    before = there["a b.txt"].fingerprint
    put(client, bucket, "a b.txt", b"new")
    assert listed(system)["a b.txt"].fingerprint != before
    system.close()


def test_a_prefix_is_left_out_of_names_and_what_is_too_large_is_told(
    client: Any, bucket: str, address: str, endpoint: str
) -> None:
    for key in ("in/a.txt", "in/large.txt", "out/b.txt"):
        put(client, bucket, key, b"x" * (100 if "large" in key else 1))
    put(client, bucket, "in/", b"")
    system = Bucket(address.replace("?", "/in/?"), SystemClock(), limits=Limits(largest=50))
    assert list(listed(system)) == ["a.txt"]
    assert [each for each in system.objects() if isinstance(each, PassedOver)] == [
        PassedOver(object="large.txt", reason=Reason.TOO_LARGE)
    ]
    for name, reason in (("large.txt", Reason.TOO_LARGE), ("gone.txt", Reason.VANISHED)):
        with pytest.raises(NotRead) as told:
            list(system.read(Listed(name=name, fingerprint=None, size=None)))
        assert told.value.reason is reason


def test_a_list_goes_on_over_pages(client: Any, bucket: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        put(client, bucket, f"{number} .txt")
    monkeypatch.setattr(asking, "PAGE", "2")
    assert len(listed(Bucket(address, SystemClock()))) == 7


def test_archives_and_tables_are_read_block_by_block(
    client: Any, bucket: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BLOCK", 100)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "name,n\nAda,1\n")
    put(client, bucket, "a.zip", packed.getvalue())
    put(client, bucket, "b.csv.gz", gzip.compress(b"name,n\n" + b"Bo,2\n" * 300))
    system = Bucket(address, SystemClock())
    [rows] = system.read(listed(system)["a.zip"])
    assert isinstance(rows, Rows)
    assert (rows.object, rows.rows[0].cells) == ("a.zip!/a.csv", ("Ada", "1"))
    assert sum(len(part.rows) for part in system.read(listed(system)["b.csv.gz"]) if isinstance(part, Rows)) == 300
    assert system.export(Spot(object="a.zip!/a.csv", row=rows.rows[0].key, field="name")) == b"Ada"


def test_an_object_that_changes_while_it_is_read_is_told(
    client: Any, bucket: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rightcall.adapters.systems.s3.reading.BLOCK", 1 << 19)
    put(client, bucket, "a.txt", b"x" * (3 << 20))
    put(client, bucket, "b.txt")
    system = Bucket(address, SystemClock())
    before = listed(system)
    for key in ("a.txt", "b.txt"):
        put(client, bucket, key, b"x" * (3 << 20))
    with pytest.raises(NotRead, match="changed"):
        list(system.read(before["b.txt"]))
    parts = system.read(listed(system)["a.txt"])
    prose = next(parts)
    put(client, bucket, "a.txt", b"y" * (3 << 20))
    assert isinstance(prose, Prose)
    assert "y" not in "".join(piece for _, piece in prose.pieces)
    assert list(parts) == [PassedOver(object="a.txt", reason=Reason.CHANGED)]


def test_an_object_goes_and_that_is_confirmed(client: Any, bucket: str, address: str) -> None:
    put(client, bucket, "a.txt")
    put(client, bucket, "b.csv", b"name,n\nAda,1\n")
    spot, part = Spot(object="a.txt"), Spot(object="b.csv", row="2#00")
    reading_only = Bucket(address, SystemClock())
    assert Ability.ERASE not in reading_only.abilities
    with pytest.raises(NotAllowed):
        reading_only.erase([spot])
    system = Bucket(address, SystemClock(), writable=True)
    assert system.export(spot) == b"Ada"
    with pytest.raises(Conflict, match="1 of 2"):
        system.erase([part, spot])
    system.erase([spot])
    assert system.confirm([spot, part]) == {spot: Gone.GONE, part: Gone.GONE}
    with pytest.raises(NotFound):
        system.export(spot)


def test_where_versions_are_kept_nothing_is_gone_before_they_are(client: Any, bucket: str, address: str) -> None:
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"name,n\nAda,1\n", b"name,n\nBo,2\n"):
        put(client, bucket, "a.csv", body)
    put(client, bucket, "a.csv.other")
    system = Bucket(address, SystemClock(), writable=True)
    whole, row = Spot(object="a.csv"), Spot(object="a.csv", row="2#00")
    assert system.confirm([row]) == {row: Gone.UNKNOWN}
    client.delete_object(Bucket=bucket, Key="a.csv")
    assert system.confirm([whole, row]) == {whole: Gone.THERE, row: Gone.THERE}
    system.erase([whole])
    assert system.confirm([whole, row]) == {whole: Gone.GONE, row: Gone.GONE}
    left = client.list_object_versions(Bucket=bucket)
    assert [each["Key"] for each in left["Versions"]] == ["a.csv.other"]
    assert "DeleteMarkers" not in left


def test_how_a_bucket_is_kept_is_seen(client: Any, bucket: str, address: str) -> None:
    system = Bucket(address, SystemClock())
    before = {each.fact for each in system.safety()}
    assert before >= {SafetyFact.NO_TLS}
    assert SafetyFact.PUBLIC_ACCESS not in before
    client.put_bucket_acl(Bucket=bucket, ACL="public-read")
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    client.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    seen = {each.fact: each.evidence for each in system.safety()}
    assert seen.keys() >= {SafetyFact.PUBLIC_ACCESS, SafetyFact.VERSIONS_KEPT, SafetyFact.NO_TLS}
    assert "read" in seen[SafetyFact.PUBLIC_ACCESS]
    client.delete_bucket_encryption(Bucket=bucket)
    assert SafetyFact.UNENCRYPTED_AT_REST in {each.fact for each in system.safety()}
    anyone = Bucket(address.replace("testing:te%2Fst%2Bing@", ""), SystemClock())
    assert SafetyFact.PUBLIC_ACCESS in {each.fact for each in anyone.safety()}


def test_no_key_value_or_secret_is_logged(client: Any, bucket: str, address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    put(client, bucket, "zoe-lovelace.txt", b"planted value")
    caplog.clear()
    system = Bucket(address, SystemClock(), writable=True)
    assert text_of(system, "zoe-lovelace.txt") == "planted value"
    list(system.objects())
    list(system.safety())
    system.erase([Spot(object="zoe-lovelace.txt")])
    for planted in ("zoe-lovelace", "planted value", "te/st+ing", "te%2Fst", bucket):
        assert planted not in caplog.text


def test_a_bucket_that_is_not_there_or_does_not_answer(address: str, bucket: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SourceGone, match="no such bucket"):
        list(Bucket(address.replace(bucket, "elsewhere"), SystemClock()).objects())
    with pytest.raises(SourceGone, match="does not answer"):
        list(Bucket(f"s3://k:hidden-secret@{bucket}?endpoint=http://127.0.0.1:9", SystemClock()).objects())
    assert "hidden-secret" not in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        "s3://",
        "s3://key@bucket",
        "s3://bucket?endpoint=ftp://x",
        "s3://bucket?endpoint=http://",
        "s3://bucket?colour=red",
        "s3://bucket?x",
        "http://bucket",
    ],
)
def test_an_address_that_cannot_be_read_says_what_one_is(wrong: str) -> None:
    with pytest.raises(Malformed, match="s3://KEY:SECRET@bucket"):
        Bucket(wrong, SystemClock())

"""A bucket is asked which copies it makes; what does not answer is not known."""

import boto3

from rightcall.adapters.objects.asking import store_copies
from rightcall.clock import SystemClock
from rightcall.copies.model import StoreCopies
from tests.adapters.objects.test_store import CREDENTIALS, s3

__all__ = ["s3"]


def asked(url: str | None, endpoint: str | None) -> StoreCopies:
    return store_copies(url, endpoint, SystemClock(), environment=CREDENTIALS)


def test_a_folder_makes_none() -> None:
    assert asked(None, None) == asked("file:///somewhere", None) == StoreCopies(versions=False, locks=False, replicates=False)


def test_a_bucket_says_what_it_keeps(s3: str) -> None:
    client = boto3.client(
        "s3", endpoint_url=s3, region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    client.create_bucket(Bucket="plain")
    client.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    assert asked("s3://plain/prefix", s3) == StoreCopies(versions=False, locks=False, replicates=False)
    found = asked("s3://locked", s3)
    assert (found.versions, found.locks) == (True, True)
    client.put_bucket_versioning(Bucket="plain", VersioningConfiguration={"Status": "Suspended"})
    assert asked("s3://plain", s3).versions is True
    client.close()


def test_a_store_that_is_away_is_not_known(s3: str) -> None:
    assert asked("s3://plain", "http://127.0.0.1:1") == StoreCopies(versions=None, locks=None, replicates=None)

"""Signatures as another signer makes them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Theirs

from rightcall.adapters.systems.s3.signing import Credentials, encoded_path, encoded_query, signed
from rightcall.personal import Personal

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("session", [None, "a/session+token"])
@pytest.mark.parametrize(("path", "query"), [("/", {}), ("/a b/æ+ø.txt", {"versions": "", "prefix": "a/ b&c"}), ("/x//../y", {})])
def test_the_signature_is_that_of_a_known_signer(
    path: str, query: dict[str, str], session: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = signed(
        Credentials(
            key="AK", secret=Personal("se/cret+"), region="eu-north-1", session=None if session is None else Personal(session)
        ),
        "GET",
        "b.example:9000",
        path,
        query,
        {"range": "bytes=0-9"},
        AT,
    )
    url = f"http://b.example:9000{encoded_path(path)}" + (f"?{encoded_query(query)}" if query else "")
    request = AWSRequest("GET", url, headers={"range": "bytes=0-9", "x-amz-content-sha256": ours["x-amz-content-sha256"]})
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda *_: AT.replace(tzinfo=None), raising=False)
    signer: Any = S3SigV4Auth(Theirs("AK", "se/cret+", session), "s3", "eu-north-1")
    signer.add_auth(request)
    assert ours["x-amz-date"] == request.context["timestamp"]
    assert ours["authorization"] == request.headers["Authorization"]

"""Requests to S3, signed with AWS Signature Version 4 (header form, body hashed or left unsigned).

Steps as in the AWS reference, "Create a signed AWS API request".
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from rightcall.personal import Personal

_ALGORITHM = "AWS4-HMAC-SHA256"
EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    key: str
    secret: Personal[str]
    region: str
    session: Personal[str] | None = None


def signed(
    credentials: Credentials,
    method: str,
    host: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    at: datetime,
) -> dict[str, str]:
    """The headers to send with a request that has no body. `path` and `query` not yet encoded; `headers` in small letters."""
    moment = at.strftime("%Y%m%dT%H%M%SZ")
    given = {**headers, "host": host, "x-amz-date": moment, "x-amz-content-sha256": EMPTY}
    if credentials.session is not None:
        given["x-amz-security-token"] = credentials.session.reveal("sign a request")
    names = ";".join(sorted(given))
    # 1. A canonical request
    lines = "".join(f"{name}:{' '.join(given[name].split())}\n" for name in sorted(given))
    canonical = "\n".join([method, encoded_path(path), encoded_query(query), lines, names, EMPTY])
    # 2. The string to sign
    scope = f"{moment[:8]}/{credentials.region}/s3/aws4_request"
    to_sign = "\n".join([_ALGORITHM, moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    # 3. The signature, by a key derived for this day, region and service
    key = f"AWS4{credentials.secret.reveal('sign a request')}".encode()
    for part in (moment[:8], credentials.region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    # 4. The header
    given["authorization"] = f"{_ALGORITHM} Credential={credentials.key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return given


def encoded_path(path: str) -> str:
    return quote(path, safe="/-_.~")


def encoded_query(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))

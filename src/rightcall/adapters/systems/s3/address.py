"""Where a bucket is: `s3://KEY:SECRET@bucket/prefix?endpoint=http://host:port&region=eu-north-1`, with what is special encoded.

Without a key and a secret the bucket is asked as anyone could. Without an endpoint it is Amazon's.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from rightcall.adapters.systems.s3.signing import Credentials
from rightcall.errors import Malformed
from rightcall.personal import Personal

_WRONG = (
    "The address of a bucket is s3://KEY:SECRET@bucket/prefix, with ?region= and, for a service that is not Amazon's,"
    " &endpoint=http://host:port or https://. Encode what is special in the secret (%2F for /)."
)
_KNOWN = {"endpoint", "region", "session"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`root`: scheme and host that requests go to; `path`: what stands before keys there."""

    root: str
    host: str
    path: str
    prefix: str
    credentials: Credentials | None

    @property
    def is_sealed_on_the_way(self) -> bool:
        return self.root.startswith("https://")


def address_of(url: str) -> Address:
    """Raises Malformed, which tells nothing of the address."""
    try:
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
        endpoint = urlsplit(asked.get("endpoint", ""))
        bucket = parts.netloc.rpartition("@")[2]
        is_known = parts.scheme == "s3" and bucket and asked.keys() <= _KNOWN and endpoint.scheme in {"", "http", "https"}
    except ValueError:
        is_known = False
    if not is_known or ("endpoint" in asked and not endpoint.netloc) or (parts.username is None) != (parts.password is None):
        raise Malformed(_WRONG)
    region = asked.get("region", "us-east-1")
    host = endpoint.netloc or f"{bucket}.s3.{region}.amazonaws.com"
    return Address(
        root=f"{endpoint.scheme or 'https'}://{host}",
        host=host,
        path=f"/{bucket}/" if endpoint.netloc else "/",
        prefix=unquote(parts.path.lstrip("/")),
        credentials=_credentials(parts.username, parts.password, region, asked.get("session")),
    )


def _credentials(key: str | None, secret: str | None, region: str, session: str | None) -> Credentials | None:
    if not key or not secret:
        return None
    sealed = None if session is None else Personal(session)
    return Credentials(key=unquote(key), secret=Personal(unquote(secret)), region=region, session=sealed)

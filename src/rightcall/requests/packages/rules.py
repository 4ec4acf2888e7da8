"""What belongs into a package, how long it is kept, and what opens it. Pure."""

from datetime import timedelta

from rightcall.errors import Conflict
from rightcall.holdings.model import Holding, Source
from rightcall.purposes.model import LawfulBasis
from rightcall.requests.identity import COPIES
from rightcall.requests.model import RequestKind
from rightcall.requests.packages.model import Package, State

KEPT = timedelta(days=30)
"""Made, and not handed over."""
LINK_HOLDS = timedelta(days=14)
OPEN_FOR = timedelta(hours=1)
"""From the first time the code was shown: a download that was cut off goes on."""
MOST_TRIES = 5
PLACE = "/api/v1/public/packages/"
"""Where a link to a package leads, with its secret: a page of its own, which needs no visit and no account."""
_BOM = b"\xef\xbb\xbf"
_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/json": ".json",
    "application/vcon+json": ".json",
    "text/csv": ".csv",
    "text/plain": ".txt",
}
_GIVEN_BY_THEM = (LawfulBasis.CONSENT, LawfulBasis.CONTRACT, None)
"""Art. 20(1)(a). Of what another system keeps and nobody has said why, in the person's favour."""


def is_portable(holding: Holding) -> bool:
    """What the person gave, or was seen of what they did, not what was made from that (Art. 20(1); WP 242)."""
    return holding.provenance.source is not Source.DERIVED and holding.provenance.basis in _GIVEN_BY_THEM


def suffix_of(mediatype: str) -> str | None:
    """Of a file that holds data and runs nothing; None of any other."""
    return _SUFFIXES.get(mediatype)


def first_bytes_fit(suffix: str, head: bytes) -> bool:
    """Whether a file begins as one of its kind does, whatever it is called."""
    match suffix:
        case ".pdf":
            return head.startswith(b"%PDF-")
        case ".zip":
            return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
        case ".json":
            return head.removeprefix(_BOM).lstrip()[:1] in (b"{", b"[")
        case _:
            return b"\0" not in head and head.removeprefix(_BOM).lstrip()[:1] not in (b"", b"<")


def check_copy(kind: RequestKind) -> None:
    if kind not in COPIES:
        raise Conflict("A package is made for a request for access or portability. This one asks for something else.")


def check_handable(package: Package) -> None:
    """Conflict, with what to do, while it cannot be handed over."""
    match package.state:
        case State.READY:
            return
        case State.MAKING:
            raise Conflict("The package is being made. Look again in a while.")
        case State.WAITING:
            raise Conflict("The package waits for your word about what others can be heard or read in. Decide, thing by thing.")
        case State.HANDED:
            raise Conflict("It was handed over, and nobody here can open it any more. Have it made anew if the link is lost.")
        case State.GONE:
            raise Conflict("This package was let go. Have it made anew.")

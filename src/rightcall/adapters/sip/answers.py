"""The words of our answers: header sets, and which SIP code says which "no"."""

import re

from rightcall.adapters.sip.message import Request
from rightcall.adapters.sip.multipart import UnsupportedMedia
from rightcall.adapters.sip.ports import Declined
from rightcall.adapters.sip.stack import Headers, Transaction
from rightcall.adapters.sip.timer import SessionTimer, TooShort
from rightcall.errors import Malformed, Outage, RightcallError

METHODS = ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "UPDATE")
EXTENSIONS = ("siprec", "timer")
_ALLOW = ("Allow", ", ".join(METHODS))
_SUPPORTED = ("Supported", ", ".join(EXTENSIONS))
_ACCEPT = ("Accept", "application/sdp, application/rs-metadata+xml, application/rs-metadata, multipart/mixed")
RETRY_SECONDS = 5
_PHRASES = {
    400: "Bad Request",
    403: "Forbidden",
    415: "Unsupported Media Type",
    422: "Session Interval Too Small",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    503: "Service Unavailable",
    603: "Decline",
}


def contact(address: tuple[str, int]) -> str:
    return f"<sip:{address[0]}:{address[1]}>;+sip.srs"


def capabilities(ours: str) -> Headers:
    """What OPTIONS is answered with."""
    return [("Contact", ours), _ALLOW, _SUPPORTED, _ACCEPT, ("Accept-Encoding", "identity"), ("Accept-Language", "en")]


def agreed(request: Request, ours: str, timer: SessionTimer | None) -> Headers:
    """The headers of a 200 to INVITE or UPDATE."""
    headers = [("Contact", ours), _ALLOW, _SUPPORTED, _ACCEPT]
    required = []
    if "siprec" in request.tokens("require") or "siprec" in request.tokens("supported"):
        required.append("siprec")
    if timer is not None:
        headers.append(("Session-Expires", timer.header))
        if timer.required:
            required.append("timer")
    if required:
        headers.append(("Require", ", ".join(required)))
    return headers


def unsupported(request: Request) -> list[str]:
    """The extensions that `request` requires and that we do not have."""
    return [word for word in request.tokens("require") if word not in EXTENSIONS]


def refuse_for(transaction: Transaction, error: RightcallError) -> None:
    more = [("Min-SE", str(error.least_seconds))] if isinstance(error, TooShort) else []
    refuse(transaction, declined_by(error), more)


def refuse(transaction: Transaction, declined: Declined, more: Headers = ()) -> None:
    phrase = _PHRASES.get(declined.code, "Refused")
    headers: list[tuple[str, str]] = [*more]
    if declined.phrase:
        headers.append(("Warning", f'399 rightcall "{_quoted(declined.phrase)}"'))
    if declined.retry_after is not None:
        headers.append(("Retry-After", str(declined.retry_after)))
    if declined.code == 405:
        headers.append(_ALLOW)
        phrase = "Method Not Allowed"
    if declined.code == 415:
        headers.append(_ACCEPT)
    transaction.respond(declined.code, phrase, headers)


def declined_by(error: RightcallError) -> Declined:
    """The answer that says whose move it is."""
    if isinstance(error, TooShort):
        return Declined(code=422, phrase=str(error))
    if isinstance(error, UnsupportedMedia):
        return Declined(code=415, phrase=str(error))
    if isinstance(error, Malformed):
        return Declined(code=400, phrase=str(error))
    if isinstance(error, Outage):
        return Declined(code=503, phrase=str(error), retry_after=RETRY_SECONDS)
    return Declined(code=500, phrase="This call cannot be taken. The recorder's log says why.")


def _quoted(text: str) -> str:
    return re.sub(r'["\\]', "'", text.encode("ascii", errors="replace").decode())[:200]

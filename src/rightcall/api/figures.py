"""The figures, for whoever runs the system. They hold nothing about anyone by name, and are no stranger's business even so: small
numbers that change while one looks tell of people.

Open to this machine itself while nothing stands in front of it; else to whoever shows the secret.
"""

import hmac
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from rightcall.adapters.keys.passphrase import read_secret
from rightcall.api.door import house_of
from rightcall.api.problems import Problem
from rightcall.errors import NotAllowed
from rightcall.settings import Settings, host_and_port
from rightcall.telemetry import metrics

router = APIRouter(tags=["health"])
_NOT_YOURS = (
    "The figures are for whoever runs this system. Ask for them on its own machine, at a loopback address and through no proxy;"
    " or set RIGHTCALL_METRICS_SECRET_FILE there, and send `Authorization: Bearer SECRET`."
)
# Whatever a proxy adds: who comes through one is not on this machine, wherever the proxy is.
_OF_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
_shown = HTTPBearer(auto_error=False, scheme_name="figures", description="What is in RIGHTCALL_METRICS_SECRET_FILE.")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, 403: {"model": Problem, "description": "Not for whoever asks."}},
)
def figures(request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_shown)]) -> Response:
    """Prometheus text. On this machine without a token while no proxy is in front, else with that of the setting."""
    settings = house_of(request).settings
    if not (_is_alone(request, settings) or _has_secret(shown, settings.metrics_secret_file)):
        raise NotAllowed(_NOT_YOURS)
    return Response(metrics().text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _is_alone(request: Request, settings: Settings) -> bool:
    """Whether this machine asks itself. Where a proxy is known to stand in front, an address of this machine says nothing."""
    if settings.public_url is not None or settings.http_proxies.strip():
        return False
    if any(name in request.headers for name in _OF_PROXIES):
        return False
    named = request.headers.get("host", "")
    host = named if ":" not in named or named.endswith("]") else host_and_port(named)[0]
    return _is_loopback("" if request.client is None else request.client.host) and (
        host == "localhost" or _is_loopback(host.strip("[]"))
    )


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _has_secret(shown: HTTPAuthorizationCredentials | None, file: Path | None) -> bool:
    return shown is not None and file is not None and hmac.compare_digest(shown.credentials.encode(), read_secret(file))

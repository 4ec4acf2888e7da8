"""Whether a page of ours sent something. A browser says so twice: by an origin (RFC 6454), with whatever changes something, and
by where the request comes from (W3C Fetch Metadata). Both have to be ours; an origin has to be said."""

from urllib.parse import urlsplit

from starlette.requests import Request

_SAME_MACHINE = ("localhost", "127.0.0.1", "::1")


def is_from_us(request: Request, own_url: str, *, is_public: bool) -> bool:
    """`own_url`: where browsers reach us. Unless that `is_public`, this machine under any of its names is ours too."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    return site == "same-origin" and request.headers.get("origin") in _origins(request, own_url, is_public=is_public)


def _origins(request: Request, own_url: str, *, is_public: bool) -> set[str]:
    own = urlsplit(own_url)
    origins = {f"{own.scheme}://{own.netloc}"}
    here = urlsplit(f"http://{request.headers.get('host', '')}")
    if not is_public and here.hostname in _SAME_MACHINE:
        origins.add(f"http://{here.netloc}")
    return origins

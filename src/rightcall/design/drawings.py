"""Pages and pictures that we draw: each brings its own styles, and a policy that lets those through and nothing else."""

import re
from base64 import b64encode

from fastapi.responses import HTMLResponse, Response

from rightcall.canonical import sha256

_STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def html(page: str, *, status: int = 200, has_form: bool = False) -> HTMLResponse:
    """`has_form`: it sends what somebody enters back to where it came from."""
    return HTMLResponse(page, status_code=status, headers=_own(page, form="'self'" if has_form else "'none'"))


def picture(svg: str) -> Response:
    return Response(svg, media_type="image/svg+xml", headers=_own(svg))


def _own(page: str, form: str = "'none'") -> dict[str, str]:
    """CSP Level 3: a style element counts by the SHA-256 of its text."""
    digests = sorted({f"'sha256-{b64encode(sha256(style.encode())).decode()}'" for style in _STYLES.findall(page)})
    policy = f"default-src 'none'; style-src {' '.join(digests)}; base-uri 'none'; form-action {form}; frame-ancestors 'none'"
    return {"Content-Security-Policy": policy}

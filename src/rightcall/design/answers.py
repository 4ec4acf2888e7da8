"""A page as the answer to a request, with the headers that let a browser load what is ours and nothing else.

No script and no style stands in a page itself; each is fetched from us by its digest. Nobody frames a page, unless the operator
names who may (`framed_by`), and no form sends anything elsewhere.
"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rightcall.design.assets import at

_SELF = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'"
_FOR_GOOD = "public, max-age=31536000, immutable"


def html(page: str, *, status: int = 200, framed_by: str = "'none'") -> HTMLResponse:
    """`framed_by`: who may show it inside a page of theirs, as CSP Level 3 writes sources."""
    policy = f"{_SELF}; base-uri 'none'; form-action 'self'; frame-ancestors {framed_by}"
    # Told to us alone: a browser that is to tell nobody does not say either which page a form was sent from.
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin", "Vary": "Cookie, Accept-Language"}
    return HTMLResponse(page, status, headers)


def onwards(place: str) -> RedirectResponse:
    """After something was done: the page that shows what is so now. Loading that again does nothing again."""
    return RedirectResponse(place, status_code=303)


async def fetch(request: Request) -> Response:
    """What pages fetch beside themselves (`assets`)."""
    found = at(request.url.path)
    if found is None:
        return Response("There is nothing at this address. Load the page again.", 404, media_type="text/plain")
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": _FOR_GOOD})

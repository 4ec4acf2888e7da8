"""What every form of a customer's page has to show: that it was sent from a page of ours, and by whoever bears the visit.

A browser says where a form comes from (`design.origins`). A token in it, made of the visit's secret, says the same a second way:
another's page cannot know it.
"""

import hashlib
import hmac

from starlette.requests import Request

from rightcall.design.origins import is_from_us
from rightcall.design.tongues import marked
from rightcall.errors import NotAllowed
from rightcall.house import House
from rightcall.personal import Personal
from rightcall.requests.visits.actions import form_token

_ELSEWHERE = marked("This was not sent from a page of ours, so nothing was done. Open the page again, and send it from there.")


class OfBefore(NotAllowed):
    """It came from a page of ours, and of another visit than the one that is open here."""


def seal_of(secret: Personal[str], told: str) -> str:
    """That this was told by us, in this visit: what an address says of what was done is shown with it alone."""
    return hmac.new(secret.reveal("seal what was done").encode(), f"did\0{told}".encode(), hashlib.sha256).hexdigest()


def is_sealed(secret: Personal[str], told: str, seal: str) -> bool:
    return hmac.compare_digest(seal_of(secret, told).encode(), seal.encode())


def check_form(secret: Personal[str], token: str) -> None:
    """OfBefore where the form is not of this visit."""
    if not hmac.compare_digest(form_token(secret).encode(), token.encode()):
        raise OfBefore(_ELSEWHERE)


def check_origin(request: Request, house: House) -> None:
    """NotAllowed unless a page of ours sent it."""
    if not is_from_us(request, house.settings.own_url, is_public=house.settings.public_url is not None):
        raise NotAllowed(_ELSEWHERE)

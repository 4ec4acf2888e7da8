"""No form of the customer's page does anything that was sent from elsewhere, or in another's name: each that there is."""

import httpx
import pytest

from rightcall.portal import app, entry
from tests.cast import ADA_TEL
from tests.forged import ELSEWHERE, asks_for, everything, fields, filled, forms
from tests.portal.scene import Page

OPEN = {
    "/check",
    "/tongue",
    "/me/{controller}",
    "/me/{controller}/code",
    "/me/{controller}/code/{code}",
    "/me/{controller}/receipt",
    "/me/{controller}/answer/{choice}/{seal}/no",
    "/me/{controller}/case",
    "/me/{controller}/case/accept",
    "/me/{controller}/case/appeal",
}
"""Forms that whoever sends them need not be signed in for: there is no visit that they could be bound to."""


FILES = ("receipt", "proof")


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what is refused is refused for where it came from, and not for how many came."""
    monkeypatch.setattr(entry, "_A_SECOND", 1e9)


def test_no_form_that_was_sent_from_elsewhere_or_without_its_visits_token_does_anything(page: Page) -> None:
    found = list(forms(app.routes()))
    assert {route.path for route in found if "sender" not in asks_for(route)} == OPEN
    known = {"controller": str(page.company.id), "purpose": page.scene.purpose, "kind": "erasure"}
    cookie, token, other = f"{page.ada._name}={page.ada.cookie}", page.ada.token(), page.ben.token()
    ours = {"origin": page.ada.address, "sec-fetch-site": "same-origin", "cookie": cookie, "accept-language": "en"}
    assert token != other
    before = everything(page.house.database)
    with httpx.Client(base_url=page.ada.address, timeout=30) as client:
        for route in found:
            sent = fields(route) | ({"identifier": ADA_TEL} if route.path.endswith("/code") else {})
            tries = [(ours | headers, token) for headers in ELSEWHERE]
            if route.path not in OPEN:
                tries += [(ours, ""), (ours, other), (ours, "é")]
            for headers, given in tries:
                files = {name: ("receipt.json", b"{}") for name in FILES if name in sent} or None
                data = {name: value for name, value in sent.items() if name not in FILES} | {"token": given}
                answer = client.post(filled(route.path, known), headers=headers, data=data, files=files)
                says = "Whoever wrote it signs in" if given == other and "words" in sent else "Open the page again"
                assert (answer.status_code, says in answer.text) == (403, True), (route.path, headers, given)
                assert "set-cookie" not in answer.headers, route.path
    after = everything(page.house.database)
    assert [name for name in before if before[name] != after[name]] == []
    assert page.ada.post("sign-out").status_code == 303, "what is right in all is taken"

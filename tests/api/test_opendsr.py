"""The doors for processors: one that cannot be looked at is not registered, and a callback of a stranger is refused without a
word."""

import logging

import pytest

from rightcall.ids import new_id
from tests.api.conftest import Clients
from tests.api.scene import done


def test_what_cannot_be_looked_at_is_not_registered(clients: Clients) -> None:
    form = {"recipient": str(new_id()), "url": "http://127.0.0.1:1/v2", "authorization": "Bearer planted-secret"}
    away = clients.dpo.post("/api/v1/processors", json=form)
    assert away.status_code == 503
    assert "planted-secret" not in away.text
    no_tls = clients.dpo.post("/api/v1/processors", json={**form, "url": "http://processor.example/v2"})
    assert no_tls.status_code == 400
    assert "Without TLS" in no_tls.text
    assert done(clients.dpo.get("/api/v1/processors"))["items"] == []
    assert done(clients.dpo.get("/api/v1/processors/orders"))["items"] == []
    assert clients.dpo.post(f"/api/v1/processors/orders/{new_id()}/retry").status_code == 404


@pytest.mark.parametrize("whose", ["ours", "nobody's"])
def test_a_strangers_callback_is_refused_with_its_reason_in_the_log_alone(
    clients: Clients, caplog: pytest.LogCaptureFixture, whose: str
) -> None:
    controller = clients.controller if whose == "ours" else new_id()
    headers = {"X-OpenDSR-Processor-Domain": "stranger.example", "X-OpenDSR-Signature": "AAAA"}
    body = b'{"request_status": "completed", "subject_request_id": "planted-body"}'
    with caplog.at_level(logging.WARNING):
        refused = clients.stranger.request("POST", f"/api/v1/opendsr/callbacks/{controller}", headers=headers, content=body)
    assert (refused.status_code, refused.content) == (403, b"")
    assert "unknown_domain" in caplog.text
    assert "planted-body" not in caplog.text

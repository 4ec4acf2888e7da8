"""What surrounds every request: limits, headers, and problems that never repeat what was sent."""

from uuid import UUID, uuid4

import pytest
from openapi_spec_validator import validate
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rightcall.api.app import routes
from rightcall.api.edge import MAX_BODY_BYTES, Edge
from rightcall.api.problems import of_error
from rightcall.database.connection import Database
from rightcall.errors import Breach, KeysGone, Malformed, Mistake, NotConfigured, Outage, RightcallError, StillWorking, Tampered
from rightcall.telemetry import Metrics
from tests.api.conftest import Client, Clients
from tests.api.fakes import RealHouse
from tests.cast import ADA_EMAIL, ADA_NAME, ADA_TEL, PLANTED_CARD

PROBLEM = "application/problem+json"


def test_every_answer_tells_browsers_to_keep_out(clients: Clients) -> None:
    for path in ("/health", "/api/v1/calls", "/nowhere", "/openapi.json"):
        headers = clients.stranger.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        policy = headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} <= set(policy)
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert "access-control-allow-origin" not in headers


def test_no_other_site_may_ask_in_a_browser(clients: Clients) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = clients.stranger.request("OPTIONS", "/api/v1/requests", headers=headers)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/health", 405)])
def test_what_is_not_there_is_a_problem(clients: Clients, method: str, path: str, status: int) -> None:
    answer = clients.stranger.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert set(answer.json()) == {"type", "title", "status", "detail"}
    assert "openapi.json" in answer.json()["detail"]


def test_a_body_over_the_limit_is_not_read(clients: Clients) -> None:
    announced = clients.agent.post("/api/v1/requests", content=b" " * (MAX_BODY_BYTES + 1))
    assert (announced.status_code, announced.headers["content-type"]) == (413, PROBLEM)

    async def unannounced():  # type: ignore[no-untyped-def]  # an async generator of chunks
        for _ in range(MAX_BODY_BYTES // 65536 + 1):
            yield b" " * 65536

    streamed = clients.agent.post("/api/v1/requests", content=unannounced())  # type: ignore[no-untyped-call]  # as above
    assert (streamed.status_code, streamed.headers["content-type"]) == (413, PROBLEM)
    assert "At most 1,048,576 bytes" in announced.json()["detail"] == streamed.json()["detail"]


def test_a_body_that_does_not_fit_is_told_by_place_and_never_by_value(clients: Clients) -> None:
    body = {"subject": ADA_TEL, "kind": ADA_NAME, ADA_EMAIL: PLANTED_CARD}
    answer = clients.agent.post("/api/v1/requests", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    said = {item["where"]: item["what"] for item in answer.json()["errors"]}
    assert said["body.subject"] == "must be a UUID"
    assert "'access'" in said["body.kind"]
    assert said["body"] == "an unknown member is not allowed here"
    for planted in (ADA_TEL, ADA_NAME, ADA_EMAIL, PLANTED_CARD):
        assert planted not in answer.text


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("start_ms=-4711", "must be 0 or more"),
        ("length_ms=0", "must be more than 0"),
        ("case=" + "x" * 4711, "is too long: at most 200 characters"),
    ],
)
def test_what_is_out_of_range_is_told_the_limit_and_never_the_value(clients: Clients, query: str, wanted: str) -> None:
    answer = clients.dpo.get(f"/api/v1/takes/{uuid4()}/audio?purpose=training&{query}")
    assert answer.status_code == 422
    assert [item["what"] for item in answer.json()["errors"]] == [wanted]
    assert "4711" not in answer.text


@pytest.mark.parametrize("mediatype", ["text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type_is_told_to_send_json(clients: Clients, mediatype: str) -> None:
    body = f'{{"subject": "{ADA_TEL}"}}'.encode()
    answer = clients.agent.post("/api/v1/requests", content=body, headers={"Content-Type": mediatype})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["where"]) == (422, "body")
    assert "send JSON, with Content-Type: application/json" in error["what"]
    assert ADA_TEL not in answer.text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a": NaN}', b"\xff\xfe", b'"' + ADA_TEL.encode() + b'"', b"[" * 100_000])
def test_what_is_no_json_object_is_a_problem(clients: Clients, body: bytes) -> None:
    answer = clients.agent.post("/api/v1/requests", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == PROBLEM
    assert ADA_TEL not in answer.text


def branches(of: type[RightcallError]) -> list[type[RightcallError]]:
    """`of` and everything below it in `errors`; what rooms add below is made otherwise."""
    below = [kind for kind in of.__subclasses__() if kind.__module__ == of.__module__]
    return [of, *(found for kind in below for found in branches(kind))]


def test_each_branch_of_errors_has_its_statuses() -> None:
    for kind in branches(Mistake):
        assert 400 <= of_error(kind("Do this.")).status < 500, kind
        assert of_error(kind("Do this.")).detail == "Do this."
    for kind in branches(Outage):
        assert of_error(kind("Try again.")).status == 503, kind
    for kind in branches(Breach):
        assert of_error(kind("secret words")).status == 500, kind
        assert "secret words" not in of_error(kind("secret words")).detail


def test_an_outage_says_when_to_try_again(clients: Clients, house: RealHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    clients.dpo.get("/api/v1/purposes")

    def away(*_: object) -> None:
        raise KeysGone("The key service is away. Start it, then try again.")

    monkeypatch.setattr(Database, "run", away)
    answer = clients.dpo.get("/api/v1/purposes")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["detail"] == "The key service is away. Start it, then try again."


@pytest.mark.parametrize("error", [RuntimeError(ADA_TEL), Tampered(ADA_TEL), KeyError(ADA_NAME)])
def test_what_nobody_expected_tells_nothing(clients: Clients, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    clients.dpo.get("/api/v1/purposes")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Database, "run", fail)
    answer = clients.dpo.get("/api/v1/purposes")
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ADA_TEL not in answer.text
    assert ADA_NAME not in answer.text


def test_the_description_of_the_api_is_valid_and_complete() -> None:
    described = routes().openapi()
    validate(described)
    for path, methods in described["paths"].items():
        for method, what in methods.items():
            assert what.get("description"), f"{method} {path} does not say what it does"
            good = next(answer for status, answer in what["responses"].items() if status.startswith("2"))
            assert "content" in good or "204" in what["responses"], f"{method} {path} has no form for its answer"
            for answer in good.get("content", {}).values():
                if "schema" in answer:
                    assert answer["schema"], f"{method} {path} has no form for its answer"


def test_problems_are_described_as_problems() -> None:
    described = routes().openapi()
    for path, methods in described["paths"].items():
        if path.startswith("/api/v1"):
            for what in methods.values():
                own = ["application/json"] if path.startswith("/api/v1/drp/v1/") else []  # the protocol's own errors
                assert sorted(what["responses"]["422"]["content"]) == [*own, PROBLEM], path


def test_a_wait_and_a_missing_setting_are_told_apart() -> None:
    assert of_error(StillWorking("Wait.")).type.endswith(":still-working")
    assert of_error(KeysGone("Start it.")).type.endswith(":outage")
    assert of_error(NotConfigured("Set it.")).type.endswith(":not-configured")
    assert of_error(Malformed("Mend it.")).type.endswith(":malformed")


def test_an_id_that_is_none_is_a_problem(clients: Clients) -> None:
    assert clients.dpo.get(f"/api/v1/subjects/{ADA_TEL}").status_code == 422
    assert clients.dpo.get(f"/api/v1/subjects/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/v1/calls?activ=true", "active, after, limit, subject"),
        ("/api/v1/calls?active=true&Limit=1", "active, after, limit, subject"),
        (f"/api/v1/subjects?tel={ADA_TEL}&{ADA_EMAIL}={PLANTED_CARD}", "email, id, region, sip, tel"),
        (f"/api/v1/calls/{UUID(int=7)}?verbose", "It takes none"),
        ("/ledger/checkpoint?size=1", "It takes none"),
        ("/health?deep=1", "It takes none"),
    ],
)
def test_a_query_parameter_that_nobody_knows_is_a_mistake(clients: Clients, path: str, told: str) -> None:
    problem = clients.agent.get(path)
    assert (problem.status_code, problem.headers["content-type"]) == (400, PROBLEM)
    assert told in problem.json()["detail"]
    for planted in (ADA_TEL, ADA_EMAIL, PLANTED_CARD, "activ=", "verbose", "deep"):
        assert planted not in problem.text


def test_every_parameter_that_is_described_is_known(clients: Clients) -> None:
    described = routes().openapi()["paths"]
    for path, methods in described.items():
        for method, what in methods.items():
            named = {each["name"]: "x" for each in what.get("parameters", []) if each["in"] == "query"}
            answer = clients.dpo.request(method.upper(), path, params=named, json={})
            assert "does not know" not in answer.text, (method, path)


def test_what_is_done_after_an_answer_does_not_tell_in_the_figures() -> None:
    """A code is sent after the answer, and to customers alone: neither its time nor that it is under way may show."""
    figures, seen = Metrics(CollectorRegistry()), []

    def answer(_: Request) -> Response:
        return Response("done", background=BackgroundTask(lambda: seen.append(figures.text())))

    client = Client(Edge(Starlette(routes=[Route("/code", answer, methods=["POST"])]), figures))
    assert client.post("/code").text == "done"
    [meanwhile] = seen
    assert b'rightcall_http_request_seconds_count{route="/code"} 1.0' in meanwhile
    assert b'rightcall_http_requests_total{method="POST",route="/code",status="200"} 1.0' in meanwhile
    assert figures.text() == meanwhile

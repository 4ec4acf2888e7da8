"""Publishing a notice through the API: what is found in it is answered, and one to which a yes would be none is refused."""

from typing import Any

import pytest

from rightcall.purposes.faults import VOID
from tests.api.conftest import Clients
from tests.api.scene import NOTICE, PURPOSE, done

PLAIN = "May we record this call to train our agents? Press 1 for yes, 2 for no."
OPT_OUT = "May Example Energy record this call to train our agents? If you stay on the line, you agree. You can say no."
CONDITIONAL = (
    "Dürfen wir das Gespräch aufzeichnen, um neue Kollegen zu schulen? Ja oder nein? Sonst können wir Ihnen nicht helfen."
)


@pytest.fixture
def path(clients: Clients) -> str:
    return f"/api/v1/purposes/{done(clients.dpo.post('/api/v1/purposes', json=PURPOSE), 201)['id']}/notices"


def test_what_is_found_is_answered_and_the_notice_is_published(clients: Clients, path: str, company: Any) -> None:
    made = done(clients.dpo.post(path, json=NOTICE | {"text": PLAIN}), 201)
    found = {each["rule"]: each for each in made["findings"]}
    assert set(found) == {"informed.no_name", "informed.no_withdrawal", "informed.no_consequence"}
    assert found["informed.no_name"]["better"] == f"This is {company.name}."
    assert found["informed.no_withdrawal"]["severity"] == "wrong"
    assert "Art. 7(3)" in found["informed.no_withdrawal"]["cite"]
    assert done(clients.agent.get(f"/api/v1/notices/{made['id']}"))["findings"] == made["findings"]
    assert "findings" not in done(clients.agent.get(path))["items"][0]


@pytest.mark.parametrize(
    ("language", "text", "rule", "words"),
    [("en", OPT_OUT, "choice.opt_out", "If you stay"), ("de", CONDITIONAL, "choice.conditional", "Sonst können")],
)
def test_a_notice_to_which_a_yes_would_be_none_is_refused_and_it_is_said_where(
    clients: Clients, path: str, language: str, text: str, rule: str, words: str
) -> None:
    problem = done(clients.dpo.post(path, json=NOTICE | {"language": language, "text": text}), 422)
    assert problem["type"] == "urn:rightcall:problem:void-notice"
    found = next(each for each in problem["findings"] if each["rule"] == rule)
    assert text[found["start"] : found["end"]] == found["words"]
    assert found["words"].startswith(words)
    assert found["better"]
    assert {each["rule"] for each in problem["findings"]} <= VOID
    assert done(clients.agent.get(path))["items"] == []

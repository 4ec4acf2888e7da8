"""Parity through the API: calls reported one by one and in bulk, figures, the picture and its page, flags and their answers."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest

from rightcall.api.outcomes import CallOutcomeForm
from rightcall.concerns.model import Days
from rightcall.ethics import looking
from rightcall.ethics.bar import bar_of, kept_for
from rightcall.ethics.procedure import Recounter
from rightcall.ids import PurposeId
from rightcall.subjects.actions import identify
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring
from tests.conftest import FixedClock
from tests.ethics.scene import Line
from tests.standing import SetClock

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TOLD = {"waited_seconds": 12, "handled_seconds": 240, "transfers": 0, "resolved": "no", "ended_by": "us", "queue": "billing"}


def look(house: RealHouse, clients: Clients) -> None:
    """What the worker does."""
    bar, kept = bar_of(house.settings), kept_for(house.settings)
    with house.database.transaction(clients.controller) as tx:
        made = looking.begin(tx, house.clock, kept=kept)
        for purpose in looking.purposes_of(tx, made, kept=kept):
            looking.add(tx, made, purpose, bar, kept=kept)
        looking.weigh(tx, house.vault, house.clock, made, bar, controllers=1, days=Days())
    Recounter(database=house.database, clock=house.clock, bar=bar, kept=kept).count(clients.controller, lambda *_: None)


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    return ring(house, clients)


@pytest.fixture
def line(house: RealHouse, clients: Clients, scene: Scene) -> Line:
    return line_of(house, clients, scene)


def line_of(house: RealHouse, clients: Clients, scene: Scene) -> Line:
    """Calls of the scene's purpose."""
    with house.database.transaction(clients.controller) as tx:
        caller = identify(tx, house.vault, house.clock, [])
    return Line(
        database=house.database,
        url=house.database.url,
        controller=clients.controller,
        vault=house.vault,
        clock=FixedClock(),
        purpose=PurposeId(UUID(scene.purpose)),
        caller=caller,
    )


@pytest.fixture
def gap(house: RealHouse, clients: Clients, line: Line, set_clock: SetClock) -> Line:
    """A fortnight in which those who said no waited far longer, and a look after it."""
    set_clock.at = NOW
    for weeks in (2, 1):
        line.week(NOW - timedelta(days=7 * weeks + 1), noes=150, yeses=300, longer=2.5, seed=weeks)
    look(house, clients)
    return line


def test_a_call_is_reported_and_read_again(scene: Scene, clients: Clients) -> None:
    place = f"/api/v1/calls/{scene.call}/outcome"
    assert clients.agent.get(place).status_code == 404
    assert clients.engineer.post(place, json=TOLD).status_code == 409
    scene.hang_up()
    told = done(clients.engineer.post(place, json=TOLD))
    assert done(clients.engineer.post(place, json=TOLD)) == told == done(clients.auditor.get(place))
    assert told["reported"] == TOLD | {"language": None}
    assert told["seen"] is None
    assert clients.auditor.post(place, json=TOLD).status_code == 403
    assert clients.stranger.post(place, json=TOLD).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"waited_seconds": -1},
        {"waited_seconds": 1.5},
        {"waited_seconds": "12"},
        {"transfers": 1_000_000_000_000},
        {"resolved": "perhaps"},
        {"transfers": 1, "queue": "Ada Planted-Lovelace"},
        {"transfers": 1, "name": "Ada"},
    ],
)
def test_what_does_not_fit_is_refused_and_not_repeated(scene: Scene, clients: Clients, wrong: dict[str, Any]) -> None:
    scene.hang_up()
    answer = clients.engineer.post(f"/api/v1/calls/{scene.call}/outcome", json=wrong)
    assert answer.status_code == 422
    assert "Planted" not in answer.text
    nothing = clients.engineer.post(f"/api/v1/calls/{scene.call}/outcome", json={"queue": "billing"})
    assert nothing.status_code == 400
    number = clients.engineer.post(f"/api/v1/calls/{scene.call}/outcome", json={"transfers": 1, "queue": "4532123456"})
    assert number.status_code == 400
    assert "4532123456" not in number.text


def test_many_at_once_and_what_is_left_out_is_named(scene: Scene, clients: Clients) -> None:
    scene.hang_up()
    unknown = str(uuid4())
    items = [{"call": scene.call} | TOLD, {"call": unknown} | TOLD]
    answer = done(clients.engineer.post("/api/v1/outcomes", json={"items": items}))
    assert answer["taken"] == 1
    assert [(each["call"], "no such call" in each["why"]) for each in answer["items"]] == [(unknown, True)]
    assert clients.engineer.post("/api/v1/outcomes", json={"items": []}).status_code == 422
    assert clients.engineer.post("/api/v1/outcomes", json={"items": items * 501}).status_code == 422


def test_before_anything_is_known_it_says_so(clients: Clients) -> None:
    found = done(clients.dpo.get("/api/v1/parity"))
    assert (found["items"], found["flags"], found["looked_at"], found["counted_at"], found["tested"]) == ([], [], None, None, 0)
    assert "Nothing was counted yet" in clients.dpo.get("/api/v1/parity/plot").text
    assert clients.agent.get("/api/v1/parity").status_code == 403


def test_a_gap_shows_with_its_flag_and_small_groups_do_not(clients: Clients, gap: Line) -> None:
    found = done(clients.auditor.get("/api/v1/parity?purpose=training&since=28"))
    rows = {row["measure"]: row for row in found["items"]}
    assert rows["waiting"]["finding"] == "gap"
    assert {row["finding"] for measure, row in rows.items() if measure != "waiting"} == {"no_gap_found"}
    comparison = rows["waiting"]["comparison"]
    assert (comparison["noes"] % 10, comparison["yeses"] % 10, comparison["strata"]) == (0, 0, "queue_language_day_hour")
    assert 0.1 < comparison["effect"]["low"] < comparison["effect"]["high"]
    assert comparison["in_units"]["low"] > 0
    assert rows["waiting"]["account"]["chance"] < 0.01
    (flag,) = found["flags"]
    assert (flag["id"], flag["purpose_key"], flag["lifted_at"]) == (rows["waiting"]["flag"], "training", None)
    groups = {group["group"]: group["calls"] for group in found["groups"]}
    assert (groups["no"], groups["withdrew"]) == (300, None)
    assert (datetime.fromisoformat(found["until"]), datetime.fromisoformat(found["since"])) == (
        datetime(2026, 11, 25, tzinfo=UTC),
        datetime(2026, 10, 28, tzinfo=UTC),
    )


def test_the_picture_and_its_page_need_nothing_else(clients: Clients, gap: Line) -> None:
    plot = clients.dpo.get("/api/v1/parity/plot")
    assert plot.headers["content-type"] == "image/svg+xml"
    root = ElementTree.fromstring(plot.text)  # noqa: S314 - our own
    words = " ".join(text.strip() for text in root.itertext())
    assert "Waiting" in words
    assert "gap: not freely given" in words
    assert "prefers-color-scheme:dark" in plot.text
    page = clients.dpo.get("/api/v1/parity/page?by_notice=true").text
    for outside in ("src=", "href=", "url(", "@import", "<script"):
        assert outside not in plot.text + page
    assert page.count("<tr>") == 1 + 2 * 5, "five measures of the purpose, and of its one notice"


def test_a_flag_is_answered_by_the_dpo_and_stays_until_calls_show_it_gone(clients: Clients, gap: Line) -> None:
    (flag,) = done(clients.dpo.get("/api/v1/parity"))["flags"]
    place = f"/api/v1/parity/flags/{flag['id']}/answers"
    assert clients.supervisor.post(place, json={"explanation": "mended"}).status_code == 409
    assert clients.agent.post(place, json={"explanation": "mended"}).status_code == 403
    assert clients.dpo.post(place, json={"explanation": "because"}).status_code == 422
    assert clients.dpo.post(f"/api/v1/parity/flags/{uuid4()}/answers", json={"explanation": "mended"}).status_code == 404
    answered = done(clients.dpo.post(place, json={"explanation": "mended"}), 201)
    assert (answered["answer"], answered["answered_by"]["role"], answered["lifted_at"]) == ("mended", "dpo", None)


def test_a_look_is_asked_for_and_the_ledger_says_so(clients: Clients) -> None:
    statement = done(clients.dpo.post("/api/v1/parity/looks"), 202)["statement"]
    assert UUID(statement).version == 7
    assert clients.auditor.post("/api/v1/parity/looks").status_code == 403


def test_where_a_no_costs_something_nobody_is_asked_until_an_answer_puts_it_on_trial(
    clients: Clients, scene: Scene, line: Line, house: RealHouse
) -> None:
    """Before the gap the same question has another answer. On trial people are asked; what is captured is not used yet."""

    def stops(act: str) -> bool:
        question = {"act": act, "purpose": "training", "call": scene.call, "party": scene.ada}
        reasons = done(clients.dpo.post("/api/v1/verdicts", json=question))["reasons"]
        return "house.a_no_costs_nothing" in {reason["rule"] for reason in reasons}

    def public() -> str:
        notice = done(clients.stranger.get(f"/api/v1/public/notice?controller={clients.controller}"))
        (part,) = (each for each in notice["parts"] if each["purpose"] == "training")
        return " ".join(line["says"] for line in part["lines"])

    assert not stops("capture")
    assert "cost" not in public()
    for weeks in (2, 1):
        line.week(datetime.now(UTC) - timedelta(days=7 * weeks + 2), noes=150, yeses=300, longer=2.5, seed=weeks)
    look(house, clients)
    assert stops("capture")
    refused = scene.ask()
    assert refused.status_code == 409
    assert "costs people something" in refused.text
    assert "At present nobody is asked about this and nothing is recorded for it" in public()
    (flag,) = done(clients.dpo.get("/api/v1/parity"))["flags"]
    done(clients.dpo.post(f"/api/v1/parity/flags/{flag['id']}/answers", json={"explanation": "mended"}), 201)
    assert not stops("capture")
    assert stops("analyse")
    assert scene.ask().status_code == 201
    assert "nobody is asked" not in public()
    assert "We found that a no to this cost people something" in public()


def test_the_how_to_is_right(clients: Clients, gap: Line, scene: Scene, set_clock: SetClock) -> None:
    """Each thing that docs/howto/parity.md sends is taken, by the role that it names."""
    page = (Path(__file__).parents[2] / "docs" / "howto" / "parity.md").read_text(encoding="utf-8")
    sent = [json.loads(text) for text in re.findall(r"-d '(\{[^']+\})'", page)]
    assert len(sent) == 2
    set_clock.at = None
    scene.hang_up()
    assert done(clients.engineer.post(f"/api/v1/calls/{scene.call}/outcome", json=sent[0]))["reported"]["queue"] == "billing"
    (flag,) = done(clients.dpo.get("/api/v1/parity"))["flags"]
    assert done(clients.dpo.post(f"/api/v1/parity/flags/{flag['id']}/answers", json=sent[1]), 201)["answer"] == "mended"
    (line,) = re.findall(r"```json\n(\{.+\})\n```", page)
    assert CallOutcomeForm.model_validate(json.loads(line) | {"call": scene.call}).report().waited_seconds == 40

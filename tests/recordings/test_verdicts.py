"""No gate opens without its verdicts on the record: in the table, in the ledger, and named by what was opened."""

from collections.abc import Mapping
from uuid import UUID

from rightcall.canonical import parse_json
from rightcall.consent.model import Answer
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, Outcome
from rightcall.policy.statements import VerdictGiven
from rightcall.recordings.marks import mark
from rightcall.recordings.statements import TakeOpened
from tests.recordings.scene import AGENT, Scene


def said(scene: Scene, kind: str) -> list[Mapping[str, object]]:
    rows = scene.tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s ORDER BY appended", (kind,)).fetchall()
    found = [parse_json(row["leaf"]) for row in rows]
    return [each for each in found if isinstance(each, Mapping)]


def captures(scene: Scene) -> dict[UUID, tuple[UUID, UUID, str]]:
    """Each verdict on a capture: of which stream, for which purpose, and how it came out."""
    rows = scene.tx.connection.execute(
        "SELECT verdict, stream, purpose, outcome FROM verdicts WHERE act = 'capture' AND call = %s", (scene.call,)
    ).fetchall()
    return {row["verdict"]: (row["stream"], row["purpose"], row["outcome"]) for row in rows}


def named(statement: Mapping[str, object]) -> list[UUID]:
    verdicts = statement["verdicts"]
    assert isinstance(verdicts, list | tuple)
    return [UUID(str(each)) for each in verdicts]


def test_every_opening_names_a_stored_verdict_for_each_purpose_that_says_go(scene: Scene) -> None:
    assert captures(scene) == {}
    for purpose in (scene.training, scene.disputes):
        scene.answer("p-ada", purpose, Answer.GRANTED)
    scene.settle()
    stored, opened = captures(scene), said(scene, TakeOpened.KIND)
    assert len(opened) == 2
    assert scene.open() == {"1": {"training", "disputes"}, "2": {"training", "disputes"}}
    for statement in opened:
        stream = UUID(str(statement["stream"]))
        mine = [stored[verdict] for verdict in named(statement)]
        wanted = {(stream, purpose.id) for purpose in (scene.training, scene.disputes)}
        assert {(of, purpose) for of, purpose, _ in mine} == wanted
        assert len(mine) == 2
        assert {Outcome(outcome) for *_, outcome in mine} <= {Outcome.PROCEED, Outcome.PROCEED_WITH_DUTIES}
    in_ledger = {UUID(str(each["verdict"])) for each in said(scene, VerdictGiven.KIND)}
    assert in_ledger >= set(stored) >= {verdict for statement in opened for verdict in named(statement)}
    assert len(stored) == 4


def test_what_stays_shut_is_not_said_to_be_opened_by_any_verdict(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.REFUSED)
    scene.settle()
    assert scene.open() == {}
    assert said(scene, TakeOpened.KIND) == []
    assert captures(scene) == {}


def test_what_the_rules_shut_is_on_the_record_once_with_the_rule(scene: Scene) -> None:
    mark(scene.tx, scene.tools, call=scene.call, party=scene.party("p-seven"), residence="DE", by=AGENT)
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    for _ in range(3):
        scene.settle()
        scene.later()
    assert scene.open() == {}
    shut = [each for each in policy.of_call(scene.tx, scene.call) if each.act is Act.CAPTURE]
    assert {each.stream for each in shut} == {scene.stream("1"), scene.stream("2")}
    assert len(shut) == 2
    assert all("recording.both_parties" in {reason.rule for reason in each.verdict.reasons} for each in shut)

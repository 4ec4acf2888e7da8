"""No yes, no recording: what is open is exactly what everyone concerned said yes to."""

import psycopg
import pytest

from rightcall.actors import PartyRole
from rightcall.calls import actions as calls
from rightcall.calls.model import Trunk
from rightcall.consent.model import Answer
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.holdings import actions as holdings
from rightcall.policy.model import PauseReason, Preference
from rightcall.recordings import actions
from rightcall.recordings.model import Cut, Direction, EndReason, Happening, Why
from rightcall.recordings.ports import Settled
from rightcall.recordings.states import Outcome, Stage, WaitingFor
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, DarkReason
from tests.conftest import FixedClock
from tests.recordings.scene import ADA, AGENT, BEN, PCMU, SEVEN, Scene, ring, stream

BOTH = {"training"}


def counts(tx: Transaction) -> dict[str, int]:
    """Rows of every table that a settling could write to."""
    tables = (
        "recording_sessions",
        "recording_takes",
        "recording_timeline",
        "recording_marks",
        "statements",
        "verdicts",
        "holdings",
    )
    found = {}
    for table in tables:
        query = psycopg.sql.SQL("SELECT count(*) AS n FROM {}").format(psycopg.sql.Identifier(table))
        row = tx.connection.execute(query).fetchone()
        assert row is not None
        found[table] = row["n"]
    return found


def test_a_call_that_arrives_is_recorded_for_nothing(scene: Scene) -> None:
    assert scene.open() == {}
    state = actions.call_state(scene.tx, scene.call)
    assert (state.session.state.stage, state.session.state.waiting_for) == (Stage.LIVE, WaitingFor.A_YES)
    assert {each.why for each in state.streams} == {Why.NO_YES}
    assert not scene.recorder.hear(scene.stream("1"), 0, bytes(12))


def test_a_yes_opens_both_streams_for_its_purpose_only(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.answer("p-ada", scene.disputes, Answer.REFUSED)
    scene.settle()
    assert scene.open() == {"1": {"training"}, "2": {"training"}}
    take = next(each for each in scene.state_takes() if each.stream == scene.stream("1"))
    assert isinstance(scene.vault.unlock_content(scene.tx, holding=take.id, purpose=scene.training.id), ContentKey)
    assert scene.vault.unlock_content(scene.tx, holding=take.id, purpose=scene.disputes.id) == Dark(
        reason=DarkReason.NEVER_GRANTED
    )
    holding = holdings.get(scene.tx, take.id)
    assert holding.purposes == (scene.training.id,)
    assert holding.provenance.basis is scene.training.lawful_basis
    assert holding.object_key == take.object_key


def test_settling_twice_writes_nothing_the_second_time(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    first = actions.settle(scene.tx, scene.tools, scene.call)
    before = counts(scene.tx)
    again = actions.settle(scene.tx, scene.tools, scene.call)
    assert counts(scene.tx) == before
    assert again.version == first.version
    assert [gate.take for gate in again.gates] == [gate.take for gate in first.gates]
    assert all(gate.key is not None for gate in first.gates)
    assert all(gate.key is None for gate in again.gates)


def test_another_yes_cuts_and_goes_on_for_both_purposes(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.answer("p-ada", scene.disputes, Answer.GRANTED)
    scene.later()
    scene.settle()
    assert scene.open() == {"1": {"training", "disputes"}, "2": {"training", "disputes"}}
    assert [take.cut_reason for take in scene.state_takes() if take.cut_at] == [Cut.CHANGED, Cut.CHANGED]


def test_a_withdrawal_closes_and_what_was_captured_goes_dark(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.later()
    scene.answer("p-ada", scene.training, Answer.WITHDRAWN)
    scene.settle()
    assert scene.open() == {}
    takes = scene.state_takes()
    assert {take.cut_reason for take in takes} == {Cut.NO_YES}
    for take in takes:
        key = scene.vault.unlock_content(scene.tx, holding=take.id, purpose=scene.training.id)
        assert key == Dark(reason=DarkReason.GRANT_DESTROYED)
    timeline = actions.timeline(scene.tx, scene.call)
    assert {entry.take for entry in timeline if entry.kind is Happening.WENT_DARK} == {take.id for take in takes}
    told = [entry.kind for entry in timeline if entry.kind in (Happening.CHOSE, Happening.OPENED, Happening.CUT)]
    first, again = [Happening.CHOSE, Happening.OPENED, Happening.OPENED], [Happening.CHOSE, Happening.CUT, Happening.CUT]
    assert told == first + again, "of one instant the cause comes first"
    assert Happening.KEPT not in {entry.kind for entry in timeline}


def test_a_purpose_may_keep_what_it_captured_before_a_withdrawal(scene: Scene) -> None:
    scene.answer("p-ada", scene.disputes, Answer.GRANTED)
    scene.settle()
    scene.answer("p-ada", scene.disputes, Answer.WITHDRAWN)
    scene.later()
    scene.settle()
    assert scene.open() == {}
    for take in scene.state_takes():
        assert isinstance(scene.vault.unlock_content(scene.tx, holding=take.id, purpose=scene.disputes.id), ContentKey)
    assert Happening.KEPT in [entry.kind for entry in actions.timeline(scene.tx, scene.call)]


def test_a_yes_after_a_withdrawal_opens_a_take_of_its_own(scene: Scene) -> None:
    for answer in (Answer.GRANTED, Answer.WITHDRAWN, Answer.GRANTED):
        scene.answer("p-ada", scene.training, answer)
        scene.later()
        scene.settle()
    takes = [take for take in scene.state_takes() if take.stream == scene.stream("1")]
    assert [take.cut_reason for take in takes] == [Cut.NO_YES, None]
    opened = [scene.vault.unlock_content(scene.tx, holding=take.id, purpose=scene.training.id) for take in takes]
    assert [isinstance(key, ContentKey) for key in opened] == [False, True]


def test_withdrawn_and_granted_between_two_settlings_is_a_new_take_too(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.answer("p-ada", scene.training, Answer.WITHDRAWN)
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    takes = [take for take in scene.state_takes() if take.stream == scene.stream("1")]
    assert [take.cut_reason for take in takes] == [Cut.CHANGED, None]


def test_a_newcomer_is_asked_anew_and_the_agent_falls_silent_until_then(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.amend(parties=(ADA, SEVEN, BEN), streams=(*scene.arrival.streams, stream("3", "p-ben")))
    scene.later()
    scene.settle()
    assert scene.open() == {"1": BOTH}
    scene.answer("p-ben", scene.training, Answer.GRANTED)
    scene.settle()
    assert scene.open() == {"1": BOTH, "2": BOTH, "3": BOTH}
    scene.amend(parties=(ADA, SEVEN), streams=scene.arrival.streams[:2])
    scene.settle()
    assert scene.open() == {"1": BOTH, "2": BOTH}
    left = [party for party in calls.parties(scene.tx, scene.call) if party.left_at]
    assert [party.role for party in left] == [PartyRole.CUSTOMER]


def test_another_person_on_an_old_stream_is_not_captured_on_the_first_ones_yes(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.amend(parties=(BEN, SEVEN), streams=(stream("1", "p-ben"), stream("2", "p-seven")))
    scene.settle()
    assert scene.open() == {}


def test_another_address_under_an_old_participant_id_is_another_person(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    ada = scene.party("p-ada")
    other = type(ADA)(ref=ADA.ref, aor=BEN.aor, name=None, role=ADA.role)
    scene.amend(parties=(other, SEVEN))
    scene.settle()
    assert scene.party("p-ada") != ada
    assert scene.open() == {}


def test_an_agent_alone_is_not_captured(scene: Scene) -> None:
    scene.amend(parties=(SEVEN,), streams=(stream("2", "p-seven"),))
    scene.settle()
    assert scene.open() == {}


def test_a_stream_of_nobody_in_particular_needs_everybodys_yes(scene: Scene) -> None:
    scene.amend(parties=(ADA, BEN, SEVEN), streams=(stream("mixed", None),))
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    assert scene.open() == {}
    scene.answer("p-ben", scene.training, Answer.GRANTED)
    scene.settle()
    assert scene.open() == {"mixed": BOTH}


@pytest.mark.parametrize("wish", [Preference.OFF, Preference.PAUSE])
def test_a_phones_wish_not_to_be_recorded_closes_the_gates(scene: Scene, wish: Preference) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.amend(preference=wish)
    scene.settle()
    assert scene.open() == {}
    assert {each.why for each in actions.call_state(scene.tx, scene.call).streams} == {Why.PREFERENCE}
    scene.amend(preference=Preference.NONE)
    scene.settle()
    assert scene.open() == {"1": BOTH, "2": BOTH}


def test_a_wish_to_be_recorded_is_no_yes(tx: Transaction, vault: Vault, clock: FixedClock, trunk: Trunk) -> None:
    scene = ring(tx, vault, clock, trunk, preference=Preference.ON)
    assert scene.open() == {}


def test_a_hold_cuts_the_held_stream_and_no_other(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.amend(streams=(stream("1", "p-ada", Direction.HELD), stream("2", "p-seven")))
    scene.settle()
    assert scene.open() == {"2": BOTH}
    scene.amend(streams=(stream("1", "p-ada", Direction.HELD), stream("2", "p-seven", Direction.HELD)))
    scene.settle()
    assert actions.call_state(scene.tx, scene.call).session.state.waiting_for is WaitingFor.UNHOLD
    scene.amend(streams=(stream("1", "p-ada"), stream("2", "p-seven")))
    scene.settle()
    assert scene.open() == {"1": BOTH, "2": BOTH}
    kinds = [entry.kind for entry in actions.timeline(scene.tx, scene.call)]
    assert (kinds.count(Happening.HELD), kinds.count(Happening.UNHELD)) == (2, 2)


def test_other_codecs_are_another_take(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    alaw = type(PCMU)(payload_type=8, name="PCMA", clock_rate=8000)
    changed = type(scene.arrival.streams[0])(label="1", party_ref="p-ada", codecs=(alaw,))
    scene.amend(streams=(changed, scene.arrival.streams[1]))
    scene.settle()
    takes = [take for take in scene.state_takes() if take.stream == scene.stream("1")]
    assert [take.codecs[0].name for take in takes] == ["PCMU", "PCMA"]


def test_a_pause_holds_only_when_the_recorder_says_so(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    stale = scene.recorder.settle(scene.tx, scene.call)
    scene.later()
    actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.CARD_DATA)
    assert actions.gate_reported(scene.tx, scene.tools, scene.call, settled=stale).pause_held_at is None
    held = scene.recorder.settle(scene.tx, scene.call)
    assert scene.open() == {}
    session = actions.gate_reported(scene.tx, scene.tools, scene.call, settled=held)
    assert session.pause_held_at == held.at
    assert not scene.recorder.hear(scene.stream("1"), 0, bytes(12))
    assert actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.CARD_DATA) == session
    actions.resume(scene.tx, scene.tools, scene.call, by=AGENT)
    scene.settle()
    assert scene.open() == {"1": BOTH, "2": BOTH}
    kinds = [entry.kind for entry in actions.timeline(scene.tx, scene.call)]
    assert [kinds.count(kind) for kind in (Happening.PAUSED, Happening.PAUSE_HELD, Happening.RESUMED)] == [1, 1, 1]


def test_every_reason_for_a_pause_has_to_end(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    vulnerable, card = PauseReason.VULNERABLE, PauseReason.CARD_DATA
    for reason in (vulnerable, card):
        paused = actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=reason)
        actions.gate_reported(scene.tx, scene.tools, scene.call, settled=scene.recorder.settle(scene.tx, scene.call))
    assert (paused.pauses, paused.pause) == (frozenset({vulnerable, card}), card)
    with pytest.raises(Conflict, match="card_data, vulnerable"):
        actions.resume(scene.tx, scene.tools, scene.call, by=AGENT)
    with pytest.raises(Conflict, match="not paused for this reason"):
        actions.resume(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.OTHER)
    assert actions.call_state(scene.tx, scene.call).session.pauses == {vulnerable, card}
    left = actions.resume(scene.tx, scene.tools, scene.call, by=AGENT, reason=card)
    scene.settle()
    assert (left.pauses, left.state.waiting_for) == (frozenset({vulnerable}), WaitingFor.RESUME)
    assert left.pause_held_at is not None
    assert scene.open() == {}
    actions.resume(scene.tx, scene.tools, scene.call, by=AGENT)
    scene.settle()
    assert scene.open() == {"1": BOTH, "2": BOTH}
    told = [(entry.kind, entry.reason) for entry in actions.timeline(scene.tx, scene.call)]
    assert [each for each in told if each[0] in (Happening.PAUSED, Happening.RESUMED)] == [
        (Happening.PAUSED, "vulnerable"),
        (Happening.PAUSED, "card_data"),
        (Happening.RESUMED, "card_data"),
        (Happening.RESUMED, "vulnerable"),
    ]


def test_a_yes_during_a_pause_opens_nothing_until_it_ends(scene: Scene) -> None:
    actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.VULNERABLE)
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    assert scene.open() == {}
    actions.resume(scene.tx, scene.tools, scene.call, by=AGENT)
    scene.settle()
    assert scene.open() == {"1": BOTH, "2": BOTH}


@pytest.mark.parametrize(
    ("reason", "cut", "outcome"), [(EndReason.HUNG_UP, Cut.OVER, Outcome.ENDED), (EndReason.LOST, Cut.LOST, Outcome.LOST)]
)
def test_the_end_cuts_everything_and_stands(scene: Scene, reason: EndReason, cut: Cut, outcome: Outcome) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    scene.later()
    over = actions.end(scene.tx, scene.tools, scene.call, reason)
    assert over.state.outcome is outcome
    assert actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP).state.outcome is outcome
    assert {take.cut_reason for take in scene.state_takes()} == {cut}
    assert all(party.left_at for party in calls.parties(scene.tx, scene.call))
    settlement = actions.settle(scene.tx, scene.tools, scene.call)
    assert settlement.over
    assert all(gate.take is None for gate in settlement.gates)
    for deed in (
        lambda: actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.OTHER),
        lambda: actions.amend(scene.tx, scene.tools, scene.call, scene.arrival),
    ):
        with pytest.raises(Conflict):
            deed()


def test_a_paused_call_can_end(scene: Scene) -> None:
    actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.OTHER)
    assert actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP).pause is None


def test_the_rules_can_only_take_away(scene: Scene) -> None:
    """A country whose law asks for the agent's yes as well keeps every gate shut until then."""
    scene.tx.connection.execute("RESET ROLE")
    scene.tx.connection.execute("UPDATE controllers SET jurisdictions = '{EU,DE}' WHERE controller = %s", (scene.tx.of,))
    scene.tx.connection.execute("SET LOCAL ROLE rightcall_app")
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    assert scene.open() == {}
    assert {each.why for each in actions.call_state(scene.tx, scene.call).streams} == {Why.RULES}


def test_the_version_moves_with_everything_that_may_move_a_gate(scene: Scene) -> None:
    recorder = actions.call_state(scene.tx, scene.call).session.recorder

    def version() -> int:
        return actions.call_state(scene.tx, scene.call).session.version

    def moved(deed: object) -> bool:
        before = version()
        assert callable(deed)
        deed()
        return version() > before

    assert moved(lambda: scene.answer("p-ada", scene.training, Answer.GRANTED))
    assert moved(scene.settle)
    assert not moved(scene.settle)
    assert moved(lambda: actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.OTHER))
    assert moved(lambda: actions.resume(scene.tx, scene.tools, scene.call, by=AGENT))
    assert moved(lambda: scene.amend(preference=Preference.OFF))
    assert moved(lambda: actions.touch(scene.tx, scene.call))
    scene.tx.connection.execute("SET LOCAL ROLE rightcall_system")
    changed = actions.changed_since(scene.tx, recorder)
    scene.tx.connection.execute("SET LOCAL ROLE rightcall_app")
    assert [(each.call, each.version) for each in changed] == [(scene.call, version())]


def test_a_choice_that_nobody_told_the_recorder_of_moves_the_version_too(scene: Scene) -> None:
    """The database itself leaves the mark: no face can forget it."""
    before = actions.call_state(scene.tx, scene.call).session.version
    scene.tx.connection.execute("SAVEPOINT unmarked")
    scene.answer("p-ada", scene.training, Answer.REFUSED)
    assert actions.call_state(scene.tx, scene.call).session.version >= before + 2
    marks = scene.tx.connection.execute("SELECT count(*) AS n FROM recording_marks WHERE call = %s", (scene.call,)).fetchone()
    assert marks is not None
    assert marks["n"] >= 1


def test_the_timeline_is_kept_where_no_sound_is(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.REFUSED)
    scene.settle()
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    entries = actions.timeline(scene.tx, scene.call)
    kinds = [entry.kind for entry in entries]
    assert scene.state_takes() == ()
    for kind in (Happening.ARRIVED, Happening.JOINED, Happening.CLOSED, Happening.CHOSE, Happening.LEFT, Happening.ENDED):
        assert kind in kinds
    assert all(entry.by is not None for entry in entries)
    assert next(entry for entry in entries if entry.kind is Happening.CHOSE).reason == "refused"


def test_a_report_without_a_pause_changes_nothing(scene: Scene) -> None:
    settled = Settled(at=scene.clock.at, version=10_000, opened=0, closed=0, last_packet_at=None)
    before = counts(scene.tx)
    actions.gate_reported(scene.tx, scene.tools, scene.call, settled=settled)
    assert counts(scene.tx) == before


def test_the_rules_alone_close_the_gate_for_card_data(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the recorder's own look at pauses were broken."""
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    assert scene.open()
    monkeypatch.setattr("rightcall.recordings.rules._closed_by_circumstance", lambda *_: None)
    actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.CARD_DATA)
    scene.settle()
    assert scene.open() == {}
    assert not scene.recorder.hear(scene.stream("1"), 0, bytes(12))

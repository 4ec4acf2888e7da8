"""Germany: a call is recorded only after everyone in it said yes, the agent too; elsewhere asking the agent would be a fake."""

from dataclasses import replace

import pytest

from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Choice, Evidence, EvidenceKind, NewChoice
from rightcall.errors import Conflict
from rightcall.personal import Personal
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, Outcome, PauseReason
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewNotice, Purpose
from rightcall.recordings import actions
from rightcall.recordings.model import Why
from tests.recordings.scene import AGENT, BEN, DPO, Scene, new_purpose, stream


@pytest.fixture
def german(scene: Scene) -> Scene:
    """The call of Ada's to agent seven, in a German centre."""
    scene.tx.connection.execute("RESET ROLE")
    scene.tx.connection.execute("UPDATE controllers SET jurisdictions = '{EU,DE}' WHERE controller = %s", (scene.tx.of,))
    scene.tx.connection.execute("SET LOCAL ROLE rightcall_app")
    scene.review()
    return scene


def says(scene: Scene, ref: str, purpose: Purpose, answer: Answer) -> Choice:
    """As the API has it asked, where a yes needs it, and written down."""
    notice = scene.notices[purpose.id]
    actions.touch(scene.tx, scene.call)
    if answer is Answer.GRANTED:
        actions.ask(scene.tx, scene.tools, call=scene.call, party=scene.party(ref), notice=notice.id, by=AGENT)
    return answers(scene, ref, purpose, answer)


def answers(scene: Scene, ref: str, purpose: Purpose, answer: Answer) -> Choice:
    notice = scene.notices[purpose.id]
    choice = actions.choose(
        scene.tx,
        scene.tools,
        NewChoice(
            call=scene.call,
            party=scene.party(ref),
            purpose=purpose.id,
            answer=answer,
            notice=notice.id,
            language=notice.language,
            channel=Channel.VOICE_HEARD_BY_AGENT,
            by=AGENT,
            evidence=Evidence(kind=EvidenceKind.WORDS_HEARD, detail=Personal("I agree")),
        ),
    )
    scene.settle()
    scene.later()
    return choice


def why(scene: Scene) -> set[Why | None]:
    return {each.why for each in actions.call_state(scene.tx, scene.call).streams}


def test_the_agents_own_yes_opens_and_a_missing_one_keeps_shut(german: Scene) -> None:
    says(german, "p-ada", german.training, Answer.GRANTED)
    assert (german.open(), why(german)) == ({}, {Why.RULES})
    says(german, "p-seven", german.training, Answer.GRANTED)
    assert german.open() == {"1": {"training"}, "2": {"training"}}
    says(german, "p-ada", german.disputes, Answer.GRANTED)
    assert german.open() == {"1": {"training"}, "2": {"training"}}
    says(german, "p-seven", german.disputes, Answer.GRANTED)
    assert german.open() == {"1": {"training", "disputes"}, "2": {"training", "disputes"}}


def test_the_agents_yes_alone_opens_nothing(german: Scene) -> None:
    says(german, "p-seven", german.training, Answer.GRANTED)
    assert german.open() == {}


def test_the_agents_no_keeps_everyone_shut(german: Scene) -> None:
    says(german, "p-ada", german.training, Answer.GRANTED)
    assert says(german, "p-seven", german.training, Answer.REFUSED).answer is Answer.REFUSED
    assert (german.open(), why(german)) == ({}, {Why.RULES})


@pytest.mark.parametrize("purpose", ["training", "disputes"])
def test_the_agents_withdrawal_shuts_everyone_and_a_yes_opens_anew(german: Scene, purpose: str) -> None:
    """Whether what was kept before goes (training) or stays (disputes)."""
    about = german.training if purpose == "training" else german.disputes
    says(german, "p-ada", about, Answer.GRANTED)
    says(german, "p-seven", about, Answer.GRANTED)
    assert set(german.open()) == {"1", "2"}
    says(german, "p-seven", about, Answer.REFUSED)
    assert german.open() == {}
    says(german, "p-seven", about, Answer.GRANTED)
    assert german.open() == {"1": {purpose}, "2": {purpose}}


def test_a_newcomer_shuts_everyone_until_they_say_yes(german: Scene) -> None:
    for ref in ("p-ada", "p-seven"):
        says(german, ref, german.training, Answer.GRANTED)
    german.amend(parties=(*german.arrival.parties, BEN), streams=(*german.arrival.streams, stream("3", "p-ben")))
    german.settle()
    assert german.open() == {}
    says(german, "p-ben", german.training, Answer.GRANTED)
    assert german.open() == {label: {"training"} for label in ("1", "2", "3")}


def test_asking_the_agent_is_on_the_record_and_changes_no_basis(german: Scene) -> None:
    notice = german.notices[german.training.id]
    asked = actions.ask(german.tx, german.tools, call=german.call, party=german.party("p-seven"), notice=notice.id, by=AGENT)
    assert asked.party == german.party("p-seven")
    (verdict,) = (each for each in policy.of_call(german.tx, german.call) if each.act is Act.ASK)
    assert [reason.rule for reason in verdict.verdict.reasons] == ["recording.both_parties_ask"]
    says(german, "p-seven", german.training, Answer.GRANTED)
    assert german.training.staff_basis is LawfulBasis.LEGITIMATE_INTERESTS


def test_during_a_pause_the_agent_is_not_asked_and_a_no_lands_all_the_same(german: Scene) -> None:
    says(german, "p-ada", german.training, Answer.GRANTED)
    says(german, "p-seven", german.training, Answer.GRANTED)
    actions.pause(german.tx, german.tools, german.call, by=AGENT, reason=PauseReason.CARD_DATA)
    notice, seven = german.notices[german.disputes.id], german.party("p-seven")
    with pytest.raises(Conflict, match="after the pause"):
        actions.ask(german.tx, german.tools, call=german.call, party=seven, notice=notice.id, by=AGENT)
    assert says(german, "p-seven", german.disputes, Answer.REFUSED).answer is Answer.REFUSED
    assert says(german, "p-seven", german.training, Answer.REFUSED).answer is Answer.WITHDRAWN


def test_elsewhere_the_agent_is_not_asked(scene: Scene) -> None:
    notice = scene.notices[scene.training.id]
    with pytest.raises(Conflict, match="fake"):
        actions.ask(scene.tx, scene.tools, call=scene.call, party=scene.party("p-seven"), notice=notice.id, by=AGENT)
    with pytest.raises(Conflict, match="fake"):
        says(scene, "p-seven", scene.training, Answer.GRANTED)
    says(scene, "p-ada", scene.training, Answer.GRANTED)
    assert scene.open() == {"1": {"training"}, "2": {"training"}}


@pytest.mark.parametrize("reason", list(PauseReason))
def test_during_a_pause_nobody_is_asked_and_after_it_they_are(scene: Scene, reason: PauseReason) -> None:
    notice, ada = scene.notices[scene.training.id], scene.party("p-ada")
    actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=reason)
    with pytest.raises(Conflict, match="after the pause has ended"):
        actions.ask(scene.tx, scene.tools, call=scene.call, party=ada, notice=notice.id, by=AGENT)
    assert consent.asks_of_call(scene.tx, scene.call) == []
    actions.resume(scene.tx, scene.tools, scene.call, by=AGENT, reason=reason)
    asked = actions.ask(scene.tx, scene.tools, call=scene.call, party=ada, notice=notice.id, by=AGENT)
    assert consent.asks_of_call(scene.tx, scene.call) == [asked]
    weighed = [each.verdict.outcome for each in policy.of_call(scene.tx, scene.call) if each.act is Act.ASK]
    assert weighed == [Outcome.NOT_RIGHT, Outcome.PROCEED]


def test_an_answer_to_what_was_asked_before_the_pause_lands_and_opens_nothing_until_it_ends(scene: Scene) -> None:
    notice, ada = scene.notices[scene.training.id], scene.party("p-ada")
    actions.ask(scene.tx, scene.tools, call=scene.call, party=ada, notice=notice.id, by=AGENT)
    actions.pause(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.VULNERABLE)
    assert answers(scene, "p-ada", scene.training, Answer.GRANTED).answer is Answer.GRANTED
    assert (scene.open(), why(scene)) == ({}, {Why.PAUSED})
    actions.resume(scene.tx, scene.tools, scene.call, by=AGENT, reason=PauseReason.VULNERABLE)
    scene.settle()
    assert set(scene.open()) == {"1", "2"}


def test_where_a_law_demands_the_recording_nobody_is_asked_and_which_law_is_said(scene: Scene) -> None:
    demanded = replace(new_purpose("orders"), lawful_basis=LawfulBasis.LEGAL_OBLIGATION, legal_duty="mifid", term_days=1826)
    orders = purposes.create_purpose(scene.tx, scene.clock, demanded, by=DPO)
    words = NewNotice(purpose=orders.id, language="en", text="May we record this call about your order?")
    notice = purposes.publish_notice(scene.tx, scene.clock, words, by=DPO)
    with pytest.raises(Conflict) as refused:
        actions.ask(scene.tx, scene.tools, call=scene.call, party=scene.party("p-ada"), notice=notice.id, by=AGENT)
    said = str(refused.value)
    assert "rests on legal obligation, so asking for consent would be a fake" in said
    assert "Tell the client that calls about orders are recorded, because MiFID II Art. 16(7) demands it." in said
    assert consent.asks_of_call(scene.tx, scene.call) == []


def test_for_a_purpose_that_nobody_reviewed_nobody_is_asked_and_that_is_said(scene: Scene) -> None:
    unread = purposes.create_purpose(scene.tx, scene.clock, new_purpose("unread"), by=DPO)
    words = NewNotice(purpose=unread.id, language="en", text="May we record this call?")
    notice = purposes.publish_notice(scene.tx, scene.clock, words, by=DPO)
    with pytest.raises(Conflict, match="No review of this purpose is in force"):
        actions.ask(scene.tx, scene.tools, call=scene.call, party=scene.party("p-ada"), notice=notice.id, by=AGENT)

"""Yeses weighed on a real database: when they are given, and again when something comes later."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.calls.model import Age, Marks
from rightcall.canonical import sha256
from rightcall.consent import actions
from rightcall.consent.model import Answer, Channel, Choice, Evidence, EvidenceKind, GrantOutcome, Quality, Steps, Told
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import AsideReason, Cause, Finding, PurposeFinding, ReleaseReason, WordOf
from rightcall.consent.quality.store import misread_of
from rightcall.errors import Conflict, NotAllowed, NotFound
from rightcall.ids import ChoiceId, NoticeId, PartyId, new_id
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes import faults, store
from rightcall.purposes.model import Keypad, NewNotice, OnWithdrawal
from rightcall.vault.quarantine import actions as quarantine
from tests.consent.conftest import AGENT, Scene
from tests.purposes.examples import DPO, TRAINING

GRANTED, REFUSED, WITHDRAWN = Answer.GRANTED, Answer.REFUSED, Answer.WITHDRAWN
VALID, DOUBTFUL, VOID = Quality.VALID, Quality.DOUBTFUL, Quality.VOID
FAIR = (
    "May Example Energy record this call? Our new agents listen to it to learn. We help you just the same after a no, and you can"
    " change your mind at any moment. Press 1 for yes or 2 for no."
)


def fair(scene: Scene, text: str = FAIR, language: str = "en") -> None:
    new = NewNotice(purpose=scene.purpose.id, language=language, text=text, keypad=Keypad(yes="1", no="2"))
    scene.notice = purposes.publish_notice(scene.tx, scene.clock, new, by=DPO)


def answer(scene: Scene, seconds: float = 30, told: Told | None = None) -> Choice:
    """Asked in Ada's language, and answered by key so many seconds later."""
    told = told or Told(party_language="en")
    actions.ask(scene.tx, scene.clock, call=scene.call.id, party=scene.ada.id, notice=scene.notice.id, by=AGENT, told=told)
    scene.clock.at += timedelta(seconds=seconds)
    choice = scene.press("1")
    assert choice is not None
    return choice


def findings(scene: Scene, choice: Choice) -> set[Finding]:
    return set(quality.newest(scene.tx, [choice.id])[choice.id].weighed.findings)


def worth(scene: Scene, choice: Choice) -> Quality:
    return quality.newest(scene.tx, [choice.id])[choice.id].weighed.quality


def note(scene: Scene, choice: Choice, word_of: WordOf = WordOf.STAFF) -> None:
    quality.note_pressure(scene.tx, scene.vault, scene.clock, choice.id, word_of=word_of, by=AGENT)


@pytest.fixture
def yes(scene: Scene) -> Choice:
    fair(scene)
    return answer(scene)


def test_a_fair_question_in_their_language_with_time_to_hear_it_makes_a_valid_yes(scene: Scene, yes: Choice) -> None:
    assert (worth(scene, yes), findings(scene, yes)) == (VALID, set())
    assert scene.standing().quality is VALID
    (leaf,) = scene.leaves("consent.weighed")
    assert (leaf["choice"], leaf["quality"], leaf["findings"], leaf["cause"]) == (str(yes.id), "valid", [], "chosen")


def test_a_no_is_not_weighed(scene: Scene) -> None:
    no = scene.choose(REFUSED)
    assert quality.newest(scene.tx, [no.id]) == {}
    assert scene.standing().quality is None
    with pytest.raises(Conflict, match="never weighed"):
        quality.reweigh(scene.tx, scene.vault, scene.clock, no.id, cause=Cause.ASKED, by=DPO)
    with pytest.raises(Conflict, match="it counts as it was said"):
        note(scene, no)


def test_what_is_told_of_the_question_is_weighed(scene: Scene) -> None:
    fair(scene)
    began = scene.clock.at
    told = Told(party_language="da", spoken_from=began, spoken_until=began + timedelta(seconds=16), steps=Steps(yes=1, no=3))
    fast = answer(scene, 2, told)
    assert {Finding.ABOUT_THE_PERSON, Finding.TOO_FAST, Finding.BEFORE_THE_END, Finding.NO_IS_HARDER} == findings(scene, fast)
    assert worth(scene, fast) is VOID


def void_words(scene: Scene) -> None:
    """From before such words were refused."""
    words = "By staying on the line you agree that we record this call to train our agents. Press 1 for yes or 2 for no."
    scene.notice = replace(scene.notice, id=NoticeId(new_id()), version=9, text=words, digest=sha256(words.encode()))
    store.insert_notice(scene.tx, scene.notice)


def test_a_void_yes_opens_a_grant_that_nothing_can_be_kept_on(scene: Scene) -> None:
    fair(scene)
    void_words(scene)
    void = answer(scene)
    assert Finding.WORDING_VOID in findings(scene, void)
    assert (void.outcome, scene.standing().grant, scene.standing().quality) == (GrantOutcome.OPENED, None, VOID)
    assert void.grant is not None
    assert set(quarantine.withheld(scene.tx)) == {void.grant}
    (leaf,) = scene.leaves("consent.grant_withheld")
    assert (leaf["grant"], leaf["why"]) == (str(void.grant), "void_choice")


def overrule(scene: Scene, choice: Choice, reason: ReleaseReason = ReleaseReason.WORDING_WAS_MISREAD) -> None:
    quality.release(scene.tx, scene.vault, scene.clock, choice.id, reason=reason, by=DPO)


def judged_so(scene: Scene) -> frozenset[str]:
    return misread_of(scene.tx, scene.notice.id)


def asked_anew(scene: Scene, choice: Choice) -> Quality:
    quality.reweigh(scene.tx, scene.vault, scene.clock, choice.id, cause=Cause.ASKED, by=DPO)
    return worth(scene, choice)


def test_the_dpo_overrules_the_reader_of_words_and_that_stands(scene: Scene) -> None:
    fair(scene)
    void_words(scene)
    void = answer(scene)
    for reason in set(ReleaseReason) - {ReleaseReason.WORDING_WAS_MISREAD}:
        with pytest.raises(Conflict, match="still void"):
            overrule(scene, void, reason)
    overrule(scene, void)
    assert Finding.WORDING_VOID not in findings(scene, void)
    assert (worth(scene, void), scene.standing().grant) == (DOUBTFUL, void.grant)
    assert quarantine.withheld(scene.tx) == {}
    assert [each.cause for each in quality.history(scene.tx, void.id)] == [Cause.CHOSEN, Cause.JUDGED]
    (leaf,) = scene.leaves("consent.words_judged")
    assert (leaf["notice"], leaf["choice"], leaf["reason"]) == (str(void.notice), str(void.id), "wording_was_misread")
    assert (leaf["actor"], leaf["role"]) == (str(DPO.id), "dpo")
    assert judged_so(scene) == {"choice.opt_out"}
    assert len(scene.leaves("consent.grant_released")) == 1
    assert asked_anew(scene, void) is DOUBTFUL
    assert worth(scene, answer(scene)) is DOUBTFUL


def test_it_holds_for_every_yes_to_the_notice_and_each_is_released_by_itself(scene: Scene) -> None:
    fair(scene)
    void_words(scene)
    first = answer(scene)
    scene.ada = scene.join()
    other = answer(scene)
    overrule(scene, first)
    assert set(quarantine.withheld(scene.tx)) == {other.grant}
    assert asked_anew(scene, other) is DOUBTFUL
    assert set(quarantine.withheld(scene.tx)) == {other.grant}
    overrule(scene, other, ReleaseReason.EVIDENCE_CAME_LATER)
    assert quarantine.withheld(scene.tx) == {}


def test_it_overrules_nothing_but_the_words(scene: Scene) -> None:
    fair(scene)
    void_words(scene)
    void = answer(scene)
    note(scene, void)
    with pytest.raises(Conflict, match="not by its wording alone"):
        overrule(scene, void)
    assert void.grant in quarantine.withheld(scene.tx)
    assert scene.leaves("consent.words_judged") == []
    assert asked_anew(scene, void) is VOID


def test_what_is_found_in_the_words_later_is_not_covered(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    fair(scene)
    void_words(scene)
    void = answer(scene)
    overrule(scene, void)
    found = quality.newest(scene.tx, [void.id])[void.id].weighed.faults
    assert found
    monkeypatch.setattr(faults, "VOID", faults.VOID | set(found))
    assert asked_anew(scene, void) is VOID
    assert set(quarantine.withheld(scene.tx)) == {void.grant}
    overrule(scene, void)
    assert (worth(scene, void), quarantine.withheld(scene.tx)) == (VALID, {})


def test_other_words_are_another_notice(scene: Scene) -> None:
    fair(scene)
    void_words(scene)
    overrule(scene, answer(scene))
    words = scene.notice.text.replace("By staying", "By remaining")
    scene.notice = replace(scene.notice, id=NoticeId(new_id()), version=10, text=words, digest=sha256(words.encode()))
    store.insert_notice(scene.tx, scene.notice)
    assert worth(scene, answer(scene)) is VOID


def test_a_question_told_to_have_been_spoken_long_before_the_ask_is_not_believed(scene: Scene) -> None:
    fair(scene)
    began = scene.clock.at - timedelta(hours=1)
    told = Told(party_language="en", spoken_from=began, spoken_until=began + timedelta(seconds=16))
    assert findings(scene, answer(scene, 0.05, told)) == {Finding.TIME_NOT_KNOWN}
    assert findings(scene, answer(scene, 30, told)) == set()


@pytest.mark.parametrize(("line", "notice"), [("eng", "en"), ("nb", "no"), ("en", "eng")])
def test_another_code_of_the_same_language_is_their_language(scene: Scene, line: str, notice: str) -> None:
    fair(scene, language=notice)
    yes = answer(scene, told=Told(party_language=line))
    assert Finding.ABOUT_THE_PERSON not in findings(scene, yes)


def test_words_that_a_better_checker_finds_void_later(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    fair(scene, FAIR.replace(" and you can change your mind at any moment", " and gladly"))
    yes = answer(scene)
    assert (worth(scene, yes), findings(scene, yes)) == (DOUBTFUL, {Finding.WORDING_WRONG})
    monkeypatch.setattr(faults, "VOID", faults.VOID | {"informed.no_withdrawal"})
    quality.reweigh(scene.tx, scene.vault, scene.clock, yes.id, cause=Cause.ASKED, by=DPO)
    assert (worth(scene, yes), findings(scene, yes)) == (VOID, {Finding.WORDING_VOID})
    assert scene.standing().grant is None


def test_another_persons_language_and_a_line_of_none_leave_it_doubtful(scene: Scene) -> None:
    fair(scene)
    assert findings(scene, answer(scene, told=Told())) == {Finding.LANGUAGE_NOT_KNOWN}


def test_asked_until_they_said_yes(scene: Scene) -> None:
    fair(scene)
    for expected in ({Finding.ASKED_AGAIN}, {Finding.ASKED_AGAIN, Finding.WORN_DOWN}):
        scene.choose(REFUSED)
        yes = answer(scene)
        assert findings(scene, yes) == expected
    assert worth(scene, yes) is VOID


def test_noes_in_other_calls_of_the_same_person_count(scene: Scene) -> None:
    fair(scene)

    def refuse_elsewhere() -> None:
        scene.clock.at += timedelta(days=1)
        other = calls.begin(scene.tx, scene.clock)
        party = calls.join(scene.tx, scene.clock, call=other.id, subject=scene.ada.subject, role=scene.ada.role)
        scene.write(replace(scene.new(REFUSED), call=other.id, party=party.id))

    refuse_elsewhere()
    assert findings(scene, answer(scene)) == {Finding.ASKED_AGAIN_SOON}
    refuse_elsewhere()
    refuse_elsewhere()
    scene.ada = calls.join(scene.tx, scene.clock, call=scene.call.id, subject=scene.ada.subject, role=scene.ada.role)
    last = answer(scene)
    assert (findings(scene, last), worth(scene, last)) == ({Finding.ASKED_AGAIN_SOON, Finding.ASKED_AGAIN_OFTEN}, VOID)


def say_yes_on_own_page(scene: Scene, seconds: float) -> Choice:
    """The words were shown so many seconds before."""
    ada = Actor(id=scene.ada.id, role=Role.SUBJECT)
    told, shown = Told(party_language="en", steps=Steps(yes=1, no=1)), scene.clock.at
    scene.clock.at += timedelta(seconds=seconds)
    actions.ask(
        scene.tx, scene.clock, call=scene.call.id, party=scene.ada.id, notice=scene.notice.id, by=ada, told=told, shown_at=shown
    )
    form = Evidence(kind=EvidenceKind.FORM_SENT, detail=Personal("own page: yes"))
    return scene.write(replace(scene.new(GRANTED), channel=Channel.WEB, by=ada, evidence=form))


def test_a_yes_of_their_own_accord_ends_what_they_said_before(scene: Scene) -> None:
    """On their own page, where nobody asks: neither too soon for anybody to have read out the words, nor asked again. It is their
    latest word, so whoever asks them in the next call presses nobody."""
    fair(scene)
    first = scene.ada
    for _ in range(3):
        scene.clock.at += timedelta(days=1)
        scene.choose(REFUSED)
    own = say_yes_on_own_page(scene, 1)
    assert (worth(scene, own), findings(scene, own)) == (VALID, set())

    def asked_in_the_next_call() -> set[Finding]:
        scene.clock.at += timedelta(hours=1)
        scene.call = calls.begin(scene.tx, scene.clock)
        scene.ada = calls.join(scene.tx, scene.clock, call=scene.call.id, subject=first.subject, role=first.role)
        lately = quality.said_no_lately(scene.tx, scene.ada, scene.purpose.id, at=scene.clock.at)
        found = findings(scene, answer(scene))
        assert lately is bool(found)
        return found

    assert quality.own_yes(scene.tx, scene.ada, scene.purpose.id) == own.made_at
    assert asked_in_the_next_call() == set()
    assert quality.own_yes(scene.tx, scene.ada, scene.purpose.id) is None, "they were asked since"
    scene.clock.at += timedelta(hours=1)
    scene.choose(REFUSED)
    assert asked_in_the_next_call() == {Finding.ASKED_AGAIN_SOON}, "a no that came after it counts"


def answer_another(scene: Scene, seconds: float) -> Choice:
    """Another purpose, so many seconds later."""
    scene.purpose = purposes.create_purpose(scene.tx, scene.clock, replace(TRAINING, key=f"other-{new_id().hex}"), by=DPO)
    fair(scene)
    return answer(scene, seconds)


@pytest.mark.parametrize("apart", [0, 0.9, 1])
def test_two_purposes_answered_at_once_leave_both_doubtful(scene: Scene, yes: Choice, apart: float) -> None:
    second = answer_another(scene, apart)
    assert Finding.BUNDLED_AT_ONCE in findings(scene, second)
    assert findings(scene, yes) == {Finding.BUNDLED_AT_ONCE}
    assert [each.cause for each in quality.history(scene.tx, yes.id)] == [Cause.CHOSEN, Cause.BESIDE]
    assert yes.grant not in quarantine.withheld(scene.tx)


def test_two_purposes_answered_one_after_the_other_are_not_bundled(scene: Scene, yes: Choice) -> None:
    second = answer_another(scene, 1.1)
    for each in (yes, second):
        quality.reweigh(scene.tx, scene.vault, scene.clock, each.id, cause=Cause.ASKED, by=DPO)
        assert Finding.BUNDLED_AT_ONCE not in findings(scene, each)


def test_the_same_purpose_answered_twice_at_once_is_no_bundle(scene: Scene, yes: Choice) -> None:
    assert Finding.BUNDLED_AT_ONCE not in findings(scene, answer(scene, 0.5)) | findings(scene, yes)


def test_a_form_says_nothing_of_its_steps_unless_told(scene: Scene) -> None:
    fair(scene)
    form = Evidence(kind=EvidenceKind.FORM_SENT, detail=Personal("form 7"))
    scene.ask()
    scene.clock.at += timedelta(seconds=60)
    yes = scene.write(replace(scene.new(GRANTED), channel=Channel.WEB, evidence=form, notice=scene.notice.id))
    assert findings(scene, yes) == {Finding.LANGUAGE_NOT_KNOWN, Finding.PATHS_NOT_KNOWN}
    quality.tell(scene.tx, scene.clock, scene.purpose.id, PurposeFinding(steps=Steps(yes=1, no=1)), by=DPO)
    quality.reweigh(scene.tx, scene.vault, scene.clock, yes.id, cause=Cause.TOLD, by=DPO)
    assert findings(scene, yes) == {Finding.LANGUAGE_NOT_KNOWN}


@pytest.mark.parametrize("word_of", WordOf)
def test_pressure_noted_later_voids_and_quarantines(scene: Scene, yes: Choice, word_of: WordOf) -> None:
    note(scene, yes, word_of)
    assert (worth(scene, yes), findings(scene, yes)) == (VOID, {Finding.PRESSURE_NOTED})
    assert (scene.standing().grant, scene.standing().answer) == (None, GRANTED)
    (mark,) = quality.marks_of_call(scene.tx, scene.call.id)
    assert (mark.choice, mark.word_of, mark.by) == (yes.id, word_of, AGENT)
    (leaf,) = scene.leaves("consent.pressure_noted")
    assert (leaf["choice"], leaf["word_of"], leaf["actor"]) == (str(yes.id), word_of.value, str(AGENT.id))
    assert [each.weighed.quality for each in quality.history(scene.tx, yes.id)] == [VALID, VOID]


def test_weighed_again_alike_writes_nothing(scene: Scene, yes: Choice) -> None:
    note(scene, yes)
    note(scene, yes)
    quality.reweigh(scene.tx, scene.vault, scene.clock, yes.id, cause=Cause.ASKED, by=DPO)
    assert len(quality.history(scene.tx, yes.id)) == 2
    assert len(scene.leaves("consent.weighed")) == 2
    assert len(scene.leaves("consent.grant_withheld")) == 1


def test_nobody_judges_how_they_came_by_a_yes_themselves(scene: Scene, yes: Choice) -> None:
    note(scene, yes)
    (mark,) = quality.marks_of_call(scene.tx, scene.call.id)
    asker = Actor(id=AGENT.id, role=DPO.role)
    with pytest.raises(NotAllowed, match="You asked for this yes"):
        quality.set_aside(scene.tx, scene.vault, scene.clock, mark.id, choice=yes.id, reason=AsideReason.NOT_SO, by=asker)
    quality.set_aside(scene.tx, scene.vault, scene.clock, mark.id, choice=yes.id, reason=AsideReason.NOT_SO, by=DPO)
    with pytest.raises(NotAllowed, match="Somebody else"):
        quality.release(scene.tx, scene.vault, scene.clock, yes.id, reason=ReleaseReason.MARK_WAS_WRONG, by=asker)
    assert yes.grant in quarantine.withheld(scene.tx)


def test_the_dpo_sets_a_mark_aside_and_then_releases(scene: Scene, yes: Choice) -> None:
    note(scene, yes)
    (mark,) = quality.marks_of_call(scene.tx, scene.call.id)

    def release() -> None:
        quality.release(scene.tx, scene.vault, scene.clock, yes.id, reason=ReleaseReason.MARK_WAS_WRONG, by=DPO)

    with pytest.raises(Conflict, match="still void"):
        release()

    def aside(choice: ChoiceId = yes.id) -> None:
        quality.set_aside(scene.tx, scene.vault, scene.clock, mark.id, choice=choice, reason=AsideReason.NOT_SO, by=DPO)

    with pytest.raises(NotFound):
        aside(ChoiceId(new_id()))
    aside()
    assert worth(scene, yes) is VALID
    assert scene.standing().grant is None
    assert yes.grant in quarantine.withheld(scene.tx)
    release()
    assert scene.standing().grant == yes.grant
    with pytest.raises(Conflict, match="not in quarantine"):
        release()
    with pytest.raises(Conflict, match="before"):
        aside()
    assert len(scene.leaves("consent.mark_set_aside")) == len(scene.leaves("consent.grant_released")) == 1


def test_a_void_yes_leaves_what_was_kept_on_an_earlier_one(scene: Scene, yes: Choice) -> None:
    """Asked again, and the key pressed too fast."""
    scene.clock.at += timedelta(seconds=60)
    began = scene.clock.at
    told = Told(party_language="en", spoken_from=began, spoken_until=began + timedelta(seconds=16))
    fast = answer(scene, 1, told)
    assert (worth(scene, yes), worth(scene, fast)) == (VALID, VOID)
    assert set(quarantine.withheld(scene.tx)) == {fast.grant}
    assert (scene.standing().grant, scene.standing().quality) == (None, VOID)


def test_a_yes_found_void_later_leaves_what_was_kept_on_the_next(scene: Scene, yes: Choice) -> None:
    again = answer(scene)
    note(scene, yes)
    assert set(quarantine.withheld(scene.tx)) == {yes.grant}
    assert (scene.standing().grant, scene.standing().quality) == (again.grant, VALID)


def test_a_fresh_yes_never_renews_what_is_in_quarantine_and_a_withdrawal_ends_both(scene: Scene, yes: Choice) -> None:
    note(scene, yes)
    fresh = answer(scene)
    assert (fresh.outcome, scene.standing().grant, scene.standing().quality) == (GrantOutcome.OPENED, fresh.grant, VALID)
    withdrawn = scene.choose(WITHDRAWN)
    assert (withdrawn.outcome, withdrawn.grant) == (GrantOutcome.DESTROYED, fresh.grant)
    assert yes.grant is not None
    assert fresh.grant is not None
    assert not scene.vault.grant_lives(scene.tx, yes.grant)
    assert not scene.vault.grant_lives(scene.tx, fresh.grant)
    assert {leaf["grant"] for leaf in scene.leaves("consent.grant_destroyed")} == {str(yes.grant), str(fresh.grant)}
    assert scene.standing().grant is None


def test_a_void_yes_can_be_withdrawn(scene: Scene, yes: Choice) -> None:
    note(scene, yes)
    withdrawn = scene.choose(WITHDRAWN)
    assert (withdrawn.answer, withdrawn.outcome, withdrawn.grant) == (WITHDRAWN, GrantOutcome.DESTROYED, yes.grant)
    assert yes.grant is not None
    assert not scene.vault.grant_lives(scene.tx, yes.grant)


def test_the_dpo_lets_go(scene: Scene, yes: Choice) -> None:
    with pytest.raises(Conflict, match="not in quarantine"):
        quality.let_go(scene.tx, scene.vault, scene.clock, yes.id, by=DPO)
    note(scene, yes)
    quality.let_go(scene.tx, scene.vault, scene.clock, yes.id, by=DPO)
    assert yes.grant is not None
    assert not scene.vault.grant_lives(scene.tx, yes.grant)
    assert scene.standing().grant is None
    assert len(scene.leaves("consent.grant_destroyed")) == len(scene.leaves("consent.grant_let_go")) == 1
    assert answer(scene).outcome is GrantOutcome.OPENED


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (Marks(age=Age.CHILD), VOID),
        (Marks(in_distress=True), DOUBTFUL),
        (Marks(in_distress=True, asks_for_it=True), VALID),
        (Marks(age=Age.ADULT), VALID),
    ],
)
def test_what_is_said_of_a_party_later_counts_and_is_said_nowhere_for_good(
    scene: Scene, yes: Choice, marks: Marks, expected: Quality
) -> None:
    calls.mark(scene.tx, scene.ada.id, marks)
    quality.reweigh_party(scene.tx, scene.vault, scene.clock, scene.ada.id, by=AGENT)
    assert worth(scene, yes) is expected
    assert findings(scene, yes) == (set() if expected is VALID else {Finding.ABOUT_THE_PERSON})
    said = str(scene.leaves("consent.weighed"))
    assert "child" not in said
    assert "distress" not in said


def test_a_purpose_that_ends_words_that_change_and_a_detriment_leave_it_doubtful(scene: Scene, yes: Choice) -> None:
    expected: set[Finding] = set()

    def weighed_with(finding: Finding) -> None:
        expected.add(finding)
        quality.reweigh(scene.tx, scene.vault, scene.clock, yes.id, cause=Cause.TOLD, by=DPO)
        assert (worth(scene, yes), findings(scene, yes)) == (DOUBTFUL, expected)

    assert quality.tell(scene.tx, scene.clock, scene.purpose.id, PurposeFinding(detriment_found=True), by=DPO)
    assert not quality.tell(scene.tx, scene.clock, scene.purpose.id, PurposeFinding(detriment_found=True), by=DPO)
    assert len(scene.leaves("consent.purpose_told")) == 1
    weighed_with(Finding.DETRIMENT_FOUND)
    fair(scene, FAIR.upper().lower())
    assert findings(scene, yes) == expected
    fair(scene, FAIR.replace("to learn", "to improve their sales"))
    weighed_with(Finding.WORDS_CHANGED)
    purposes.end_purpose(scene.tx, scene.clock, scene.purpose.id, by=DPO)
    weighed_with(Finding.PURPOSE_ENDED)


@pytest.mark.parametrize(
    ("theirs", "tag", "text", "expected"),
    [
        ("en-GB", "en-GB", FAIR.replace("to learn", "to sell"), {Finding.WORDS_CHANGED}),
        ("en-GB", "en-GB", FAIR.lower(), set()),
        ("en", "en-GB", FAIR.replace("to learn", "to sell"), set()),
        ("en-GB", "en", FAIR.replace("to learn", "to sell"), {Finding.WORDS_CHANGED}),
        ("en-GB", "da", FAIR.replace("to learn", "to sell"), set()),
    ],
)
def test_words_that_change_in_the_tag_that_they_would_hear_today(
    scene: Scene, theirs: str, tag: str, text: str, expected: set[Finding]
) -> None:
    """Ada heard words in English, since there were none for her region."""
    fair(scene)
    yes = answer(scene, told=Told(party_language=theirs))
    scene.clock.at += timedelta(days=1)
    fair(scene, text, tag)
    quality.reweigh(scene.tx, scene.vault, scene.clock, yes.id, cause=Cause.TOLD, by=DPO)
    assert findings(scene, yes) == expected


def test_a_restored_backup_is_told_and_only_the_dpo_can_say_otherwise(scene: Scene, yes: Choice) -> None:
    assert yes.grant is not None
    assert quality.withhold_again(scene.tx, scene.vault, scene.clock, yes.grant)
    assert not quality.withhold_again(scene.tx, scene.vault, scene.clock, yes.grant)
    assert (worth(scene, yes), findings(scene, yes)) == (VOID, {Finding.VOID_BEFORE_RESTORE})
    quality.reweigh(scene.tx, scene.vault, scene.clock, yes.id, cause=Cause.TOLD, by=DPO)
    assert worth(scene, yes) is VOID
    quality.reweigh(scene.tx, scene.vault, scene.clock, yes.id, cause=Cause.ASKED, by=DPO)
    assert worth(scene, yes) is VALID
    assert yes.grant in quarantine.withheld(scene.tx)


def test_the_tables_only_grow(scene: Scene, yes: Choice) -> None:
    note(scene, yes)
    for statement in (
        "UPDATE weighings SET quality = 'valid', findings = '{}'",
        "DELETE FROM weighings",
        "DELETE FROM words_judged",
        "UPDATE words_judged SET misread = '{}'",
        "DELETE FROM pressure_marks",
        "UPDATE pressure_marks SET word_of = 'person'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), scene.tx.connection.transaction():
            scene.tx.connection.execute(statement.encode())


def test_counts_and_lists_name_nobody(scene: Scene, yes: Choice) -> None:
    scene.ada = scene.join()
    void = answer(scene)
    note(scene, void)
    (tally,) = quality.tallies(scene.tx, scene.clock.at - timedelta(days=1))
    assert (tally.notice, tally.version) == (scene.notice.id, 2)
    assert (tally.counts[VALID], tally.counts.get(DOUBTFUL, 0), tally.counts[VOID], tally.quarantined) == (1, 0, 1, 1)
    assert tally.findings == {Finding.PRESSURE_NOTED: 1}
    assert [each.choice for each in quality.listed(scene.tx, quality=VOID, limit=9)] == [void.id]
    assert [each.choice for each in quality.listed(scene.tx, quality=VALID, purpose=scene.purpose.id, limit=9)] == [yes.id]
    assert quality.listed(scene.tx, quality=VALID, after=yes.id, limit=9) == []
    assert [each.choice for each in quality.listed(scene.tx, limit=9)] == [void.id, yes.id]
    (mark,) = quality.marks_of_call(scene.tx, scene.call.id)
    quality.set_aside(scene.tx, scene.vault, scene.clock, mark.id, choice=void.id, reason=AsideReason.NOT_SO, by=DPO)
    assert quality.listed(scene.tx, quality=VOID, limit=9) == []
    assert [each.choice for each in quality.listed(scene.tx, quarantined=True, limit=9)] == [void.id]
    assert quality.tallies(scene.tx, scene.clock.at + timedelta(days=1)) == []


def test_yeses_that_were_taken_back_are_left_out(scene: Scene, yes: Choice) -> None:
    assert quality.yeses(scene.tx, scene.purpose.id, after=None, limit=9) == [(yes.id, scene.call.id)]
    assert quality.yeses(scene.tx, scene.purpose.id, after=yes.id, limit=9) == []
    scene.choose(WITHDRAWN)
    assert quality.yeses(scene.tx, scene.purpose.id, after=None, limit=9) == []


def test_a_void_finding_reaches_what_was_kept_after_a_withdrawal(scene: Scene) -> None:
    keeping = replace(TRAINING, key="evidence", on_withdrawal=OnWithdrawal.KEEP)
    scene.purpose = purposes.create_purpose(scene.tx, scene.clock, keeping, by=DPO)
    fair(scene)
    yes = answer(scene)
    assert scene.choose(WITHDRAWN).outcome is GrantOutcome.KEPT
    assert quality.yeses(scene.tx, scene.purpose.id, after=None, limit=9) == [(yes.id, scene.call.id)]
    quality.tell(scene.tx, scene.clock, scene.purpose.id, PurposeFinding(steps=Steps(yes=1, no=3)), by=DPO)
    quality.reweigh(scene.tx, scene.vault, scene.clock, yes.id, cause=Cause.TOLD, by=DPO)
    assert set(quarantine.withheld(scene.tx)) == {yes.grant}


def test_whoever_is_not_there_is_not_weighed(scene: Scene) -> None:
    with pytest.raises(NotFound):
        quality.reweigh(scene.tx, scene.vault, scene.clock, ChoiceId(new_id()), cause=Cause.ASKED, by=DPO)
    with pytest.raises(NotFound):
        quality.reweigh_party(scene.tx, scene.vault, scene.clock, PartyId(new_id()), by=DPO)

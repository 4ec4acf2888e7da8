"""Choices on a real database, with a real vault and ledger."""

import hmac
from dataclasses import replace

import psycopg
import pytest

from rightcall.actors import Role
from rightcall.calls import actions as calls
from rightcall.consent import actions, rules
from rightcall.consent.evidence import evidence_of
from rightcall.consent.model import Answer, Channel, Evidence, EvidenceKind, GrantOutcome, NewChoice, Quality, Standing
from rightcall.consent.standing import standing_in
from rightcall.database.connection import Database
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ids import ControllerId, NoticeId, PartyId, new_id
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, OnWithdrawal
from rightcall.subjects.model import subject_bytes
from rightcall.vault.model import Dark, DarkReason
from tests.consent.conftest import AGENT, HEARD, Scene
from tests.purposes.examples import DPO, TRAINING, a_notice

GRANTED, REFUSED, WITHDRAWN = Answer.GRANTED, Answer.REFUSED, Answer.WITHDRAWN


def test_nobody_stands_anywhere_before_an_answer(scene: Scene) -> None:
    assert scene.standing() == Standing(answer=None, choice=None, grant=None, basis=LawfulBasis.CONSENT)
    assert scene.standing(scene.agent).basis is LawfulBasis.LEGITIMATE_INTERESTS


def test_a_yes_opens_a_grant(scene: Scene) -> None:
    choice = scene.choose(GRANTED)
    assert (choice.answer, choice.outcome, choice.sequence) == (GRANTED, GrantOutcome.OPENED, 1)
    assert (choice.notice, choice.notice_digest, choice.language) == (scene.notice.id, scene.notice.digest, "en")
    assert (choice.by, choice.asked_by) == (AGENT, AGENT)
    assert choice.grant is not None
    assert scene.vault.grant_lives(scene.tx, choice.grant)
    assert scene.standing() == Standing(
        answer=GRANTED, choice=choice.id, grant=choice.grant, basis=LawfulBasis.CONSENT, quality=Quality.DOUBTFUL
    )
    assert actions.choice(scene.tx, choice.id) == choice


def test_a_no_opens_nothing_and_needs_nothing(scene: Scene) -> None:
    bare = NewChoice(party=scene.ada.id, purpose=scene.purpose.id, answer=REFUSED, channel=Channel.API, by=AGENT)
    choice = scene.write(bare)
    assert (choice.answer, choice.grant, choice.notice, choice.ask) == (REFUSED, None, None, None)
    assert choice.evidence_kind is EvidenceKind.WORD_OF_ACTOR
    assert scene.standing().grant is None
    assert scene.standing().answer is REFUSED
    assert scene.leaves("consent.grant_opened") == []


def test_a_withdrawal_destroys_the_grant(scene: Scene) -> None:
    granted = scene.choose(GRANTED)
    bare = NewChoice(party=scene.ada.id, purpose=scene.purpose.id, answer=WITHDRAWN, channel=Channel.WEB, by=AGENT)
    withdrawn = scene.write(bare)
    assert (withdrawn.outcome, withdrawn.grant) == (GrantOutcome.DESTROYED, granted.grant)
    assert withdrawn.notice == granted.notice
    assert granted.grant is not None
    assert not scene.vault.grant_lives(scene.tx, granted.grant)
    assert scene.standing() == Standing(answer=WITHDRAWN, choice=withdrawn.id, grant=None, basis=LawfulBasis.CONSENT)


def test_a_no_where_a_yes_stands_is_a_withdrawal(scene: Scene) -> None:
    granted = scene.choose(GRANTED)
    answer = scene.choose(REFUSED)
    assert (answer.answer, answer.outcome, answer.grant) == (WITHDRAWN, GrantOutcome.DESTROYED, granted.grant)


def keep(scene: Scene) -> None:
    keeping = replace(TRAINING, key="evidence", on_withdrawal=OnWithdrawal.KEEP)
    scene.purpose = purposes.create_purpose(scene.tx, scene.clock, keeping, by=DPO)
    scene.notice = purposes.publish_notice(scene.tx, scene.clock, a_notice(scene.purpose.id), by=DPO)


def test_what_was_captured_is_kept_where_the_purpose_says_so(scene: Scene) -> None:
    keep(scene)
    granted = scene.choose(GRANTED)
    withdrawn = scene.choose(WITHDRAWN)
    assert granted.grant is not None
    assert withdrawn.outcome is GrantOutcome.KEPT
    assert scene.vault.grant_lives(scene.tx, granted.grant)
    assert scene.standing().grant is None
    again = scene.choose(GRANTED)
    assert again.grant != granted.grant
    assert len(scene.leaves("consent.grant_kept")) == 1
    assert scene.leaves("consent.grant_destroyed") == []


def test_a_yes_after_a_withdrawal_has_a_fresh_grant(scene: Scene) -> None:
    first = scene.choose(GRANTED)
    scene.choose(WITHDRAWN)
    second = scene.choose(GRANTED)
    assert second.outcome is GrantOutcome.OPENED
    assert first.grant is not None
    assert second.grant is not None
    assert first.grant != second.grant
    assert not scene.vault.grant_lives(scene.tx, first.grant)
    assert scene.vault.grant_lives(scene.tx, second.grant)


def test_a_yes_said_again_has_a_grant_of_its_own_and_a_withdrawal_ends_both(scene: Scene) -> None:
    first, second = scene.choose(GRANTED), scene.choose(GRANTED)
    assert (first.outcome, second.outcome) == (GrantOutcome.OPENED, GrantOutcome.OPENED)
    assert second.ask != first.ask
    assert (scene.standing().choice, scene.standing().grant) == (second.id, second.grant)
    assert second.grant != first.grant
    assert len(scene.leaves("consent.grant_opened")) == 2
    withdrawn = scene.choose(WITHDRAWN)
    assert (withdrawn.grant, scene.standing().grant) == (second.grant, None)
    for grant in (first.grant, second.grant):
        assert grant is not None
        assert not scene.vault.grant_lives(scene.tx, grant)
    assert {leaf["grant"] for leaf in scene.leaves("consent.grant_destroyed")} == {str(first.grant), str(second.grant)}


def test_each_grant_that_a_withdrawal_keeps_is_said(scene: Scene) -> None:
    keep(scene)
    kept = {str(scene.choose(GRANTED).grant) for _ in range(2)}
    scene.choose(WITHDRAWN)
    assert {leaf["grant"] for leaf in scene.leaves("consent.grant_kept")} == kept
    assert scene.standing().grant is None


@pytest.mark.parametrize("on_withdrawal", OnWithdrawal)
def test_a_yes_that_a_law_needs_beside_another_basis_ends_with_what_stood_on_that(
    scene: Scene, on_withdrawal: OnWithdrawal
) -> None:
    if on_withdrawal is OnWithdrawal.KEEP:
        keep(scene)
    scene.ada = scene.agent
    stand(scene, scene.agent.id)
    on_basis = scene.standing().grant
    for _ in range(2):
        actions.ask(
            scene.tx,
            scene.clock,
            call=scene.call.id,
            party=scene.agent.id,
            notice=scene.notice.id,
            by=AGENT,
            beside_basis=True,
        )
        yes = actions.choose(scene.tx, scene.vault, scene.clock, scene.new(GRANTED), beside_basis=True)
    assert yes.grant not in (None, on_basis)
    assert scene.standing().grant == yes.grant
    assert scene.choose(WITHDRAWN).grant == on_basis
    assert scene.standing().grant is None


@pytest.mark.parametrize("before", [[], [REFUSED], [GRANTED, WITHDRAWN]])
def test_taking_back_what_was_not_given_is_a_no(scene: Scene, before: list[Answer]) -> None:
    for answer in before:
        scene.choose(answer)
    choice = scene.choose(WITHDRAWN)
    assert (choice.answer, choice.grant, choice.sequence) == (REFUSED, None, len(before) + 1)
    assert scene.standing().grant is None


def test_all_past_states_stay(scene: Scene) -> None:
    made = [scene.choose(answer) for answer in (REFUSED, GRANTED, WITHDRAWN, GRANTED)]
    assert actions.history(scene.tx, scene.ada.id, scene.purpose.id) == made
    assert [choice.sequence for choice in made] == [1, 2, 3, 4]
    assert actions.choices_of_subject(scene.tx, scene.ada.subject) == made
    assert actions.choices_of_call(scene.tx, scene.call.id) == made
    assert actions.choices_of_party(scene.tx, scene.ada.id) == made
    assert actions.choices_of_party(scene.tx, scene.agent.id) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE choices SET answer = 'granted'",
        "DELETE FROM choices",
        "UPDATE asks SET asked_as = 'subject'",
        "DELETE FROM asks",
        "DELETE FROM opened_grants",
        "TRUNCATE choices",
    ],
)
def test_the_database_refuses_to_change_the_past(scene: Scene, statement: str) -> None:
    scene.choose(REFUSED)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), scene.tx.connection.transaction():
        scene.tx.connection.execute(statement)


COPY = (
    "INSERT INTO choices (controller, choice, party, call, subject, purpose, sequence, answer, notice, notice_digest, language,"
    " channel, made_by, made_as, ask, evidence_kind, sealed_evidence, evidence_commitment, subject_commitment, grant_id,"
    " outcome, made_at, statement) SELECT controller, gen_random_uuid(), party, call, subject, purpose, sequence + 1,"
    " %(answer)s, notice, notice_digest, coalesce(%(language)s, language), channel, made_by, made_as, ask, %(evidence)s,"
    " sealed_evidence, evidence_commitment, subject_commitment, grant_id, outcome, made_at, gen_random_uuid() FROM choices"
)


@pytest.mark.parametrize(
    ("first", "answer", "evidence", "language"),
    [
        (REFUSED, "granted", "words_heard", None),
        (REFUSED, "withdrawn", "words_heard", None),
        (GRANTED, "granted", "word_of_actor", None),
        (GRANTED, "granted", "words_heard", None),
        (GRANTED, "refused", "words_heard", None),
        (REFUSED, "refused", "words_heard", "da"),
    ],
)
def test_the_database_refuses_impossible_choices(
    scene: Scene, first: Answer, answer: str, evidence: str, language: str | None
) -> None:
    scene.choose(first)
    planted = {"answer": answer, "evidence": evidence, "language": language}
    with pytest.raises(psycopg.errors.IntegrityError), scene.tx.connection.transaction():
        scene.tx.connection.execute(COPY, planted)


def test_the_statement_binds_all_that_a_receipt_claims(scene: Scene) -> None:
    choice = scene.choose(GRANTED)
    (leaf,) = scene.leaves("consent.choice")
    assert leaf["id"] == str(choice.statement)
    said = {name: leaf[name] for name in ("choice", "call", "party", "purpose", "notice", "ask", "grant")}
    assert said == {name: str(getattr(choice, "id" if name == "choice" else name)) for name in said}
    assert (leaf["answer"], leaf["channel"], leaf["outcome"]) == ("granted", "voice_heard_by_agent", "opened")
    assert (leaf["digest"], leaf["actor"], leaf["asked_as"]) == (scene.notice.digest.hex(), str(AGENT.id), "agent")
    assert str(scene.ada.subject) not in str(leaf)
    assert len(scene.leaves("consent.asked")) == len(scene.leaves("consent.grant_opened")) == 1


def test_the_commitments_open_with_the_subjects_salt_and_go_with_the_subject(scene: Scene) -> None:
    choice = scene.choose(GRANTED)
    salt = scene.vault.opening(scene.tx, scene.ada.subject, choice.statement)
    assert not isinstance(salt, Dark)
    assert hmac.digest(salt, rules.evidence_bytes(HEARD), "sha256") == choice.evidence_commitment
    assert hmac.digest(salt, subject_bytes(scene.ada.subject), "sha256") == choice.subject_commitment
    assert evidence_of(scene.tx, scene.vault, choice) == HEARD
    scene.vault.destroy_subject(scene.tx, scene.ada.subject)
    assert evidence_of(scene.tx, scene.vault, choice) == Dark(reason=DarkReason.SUBJECT_ERASED)
    assert actions.choice(scene.tx, choice.id) == choice


def test_evidence_is_never_stored_in_the_clear(scene: Scene) -> None:
    scene.choose(GRANTED)
    row = scene.tx.connection.execute("SELECT * FROM choices").fetchone()
    assert row is not None
    stored = "|".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row.values())
    assert "words_heard" in stored
    assert "do record" not in stored


@pytest.mark.parametrize(
    "evidence",
    [None, Evidence(kind=EvidenceKind.WORD_OF_ACTOR, detail=Personal("trust me")), replace(HEARD, detail=Personal(" "))],
)
def test_a_yes_needs_evidence(scene: Scene, evidence: Evidence | None) -> None:
    with pytest.raises(Conflict, match="evidence"):
        scene.write(replace(scene.new(GRANTED), evidence=evidence))
    assert scene.standing().answer is None


def test_evidence_has_an_end_and_no_length_of_it_turns_a_no_away(scene: Scene) -> None:
    long = replace(HEARD, detail=Personal("x" * 4001))
    with pytest.raises(Malformed):
        scene.say_yes(evidence=long)
    choice = scene.write(replace(scene.new(REFUSED), evidence=long))
    assert (choice.answer, choice.evidence_kind) == (REFUSED, EvidenceKind.WORD_OF_ACTOR)


@pytest.mark.parametrize(
    "changed", ["other words", "unknown words", "another language", "a closed ask", "no keys", "by keypad: 1"]
)
def test_nothing_that_comes_with_a_no_turns_it_away(scene: Scene, changed: str) -> None:
    asked = scene.ask()
    scene.write(scene.new(GRANTED))
    other = purposes.create_purpose(scene.tx, scene.clock, replace(TRAINING, key="other"), by=DPO)
    words = purposes.publish_notice(scene.tx, scene.clock, replace(a_notice(other.id), keypad=None), by=DPO)
    with_it: dict[str, dict[str, object]] = {
        "other words": {"notice": words.id},
        "unknown words": {"notice": NoticeId(new_id())},
        "another language": {"language": "da"},
        "a closed ask": {"ask": asked.id},
        "no keys": {"notice": words.id, "channel": Channel.KEYPAD},
        "by keypad: 1": {
            "channel": Channel.KEYPAD,
            "evidence": Evidence(kind=EvidenceKind.KEY_PRESSED, detail=Personal("1")),
        },
    }
    choice = scene.write(replace(scene.new(REFUSED), **with_it[changed]))  # type: ignore[arg-type]  # its own fields
    assert (choice.answer, choice.notice, choice.ask) == (WITHDRAWN, scene.notice.id, None)
    assert scene.standing().grant is None


def test_a_yes_needs_the_notice_as_played(scene: Scene) -> None:
    with pytest.raises(Malformed, match="notice"):
        scene.write(replace(scene.new(GRANTED), notice=None))
    with pytest.raises(Malformed, match="language"):
        scene.write(replace(scene.new(GRANTED), language=None))
    with pytest.raises(NotFound):
        scene.write(replace(scene.new(GRANTED), notice=NoticeId(new_id())))


def test_the_language_is_the_notices(scene: Scene) -> None:
    with pytest.raises(Conflict, match="da"):
        scene.write(replace(scene.new(GRANTED), language="da"))
    assert scene.say_yes(language="EN").language == "en"


def test_the_notice_is_the_purposes(scene: Scene) -> None:
    other = purposes.create_purpose(scene.tx, scene.clock, replace(TRAINING, key="other"), by=DPO)
    with pytest.raises(Conflict, match="another purpose"):
        scene.write(replace(scene.new(GRANTED), purpose=other.id))


def test_an_earlier_version_counts_as_it_was_played(scene: Scene) -> None:
    purposes.publish_notice(scene.tx, scene.clock, replace(a_notice(scene.purpose.id), text="Shorter?"), by=DPO)
    assert scene.choose(GRANTED).notice_digest == scene.notice.digest


def test_a_keypad_answer_needs_a_notice_with_keys(scene: Scene) -> None:
    silent = replace(a_notice(scene.purpose.id), keypad=None)
    notice = purposes.publish_notice(scene.tx, scene.clock, silent, by=DPO)
    with pytest.raises(Conflict, match="keys"):
        scene.write(replace(scene.new(GRANTED), notice=notice.id, channel=Channel.KEYPAD))


def test_a_recording_clients_preference_can_only_say_no(scene: Scene) -> None:
    with pytest.raises(Conflict, match="preference"):
        scene.write(replace(scene.new(GRANTED), channel=Channel.SIPREC_PREFERENCE))
    said = Evidence(kind=EvidenceKind.PREFERENCE, detail=Personal("off"))
    off = replace(scene.new(REFUSED), channel=Channel.SIPREC_PREFERENCE, notice=None, language=None, evidence=said)
    actions.ask(scene.tx, scene.clock, call=scene.call.id, party=scene.ada.id, notice=scene.notice.id, by=AGENT)
    refused = scene.write(off)
    assert (refused.answer, refused.notice, refused.ask) == (REFUSED, None, None)
    scene.choose(GRANTED)
    assert scene.write(off).answer is WITHDRAWN


def test_asking_where_consent_is_not_the_basis_would_be_a_fake(scene: Scene) -> None:
    duty = replace(TRAINING, key="orders", lawful_basis=LawfulBasis.LEGAL_OBLIGATION, legal_duty="mifid")
    scene.purpose = purposes.create_purpose(scene.tx, scene.clock, duty, by=DPO)
    scene.notice = purposes.publish_notice(scene.tx, scene.clock, a_notice(scene.purpose.id), by=DPO)
    with pytest.raises(Conflict, match="legal obligation"):
        scene.choose(GRANTED)
    with pytest.raises(Conflict, match="fake"):
        actions.ask(scene.tx, scene.clock, call=scene.call.id, party=scene.ada.id, notice=scene.notice.id, by=AGENT)
    stand(scene, scene.ada.id)
    assert scene.standing().basis is LawfulBasis.LEGAL_OBLIGATION
    assert scene.standing().grant is not None


def test_nothing_is_granted_for_a_purpose_that_has_ended_and_a_no_still_lands(scene: Scene) -> None:
    granted = scene.choose(GRANTED)
    purposes.end_purpose(scene.tx, scene.clock, scene.purpose.id, by=DPO)
    with pytest.raises(Conflict, match="ended"):
        scene.choose(GRANTED)
    assert scene.choose(WITHDRAWN).grant == granted.grant
    assert standing_in(scene.tx, scene.call.id) == {}


def stand(scene: Scene, party: PartyId) -> None:
    actions.stand_on_basis(scene.tx, scene.vault, scene.clock, call=scene.call.id, party=party, purpose=scene.purpose.id)


def test_an_agent_stands_on_the_staff_basis(scene: Scene) -> None:
    stand(scene, scene.agent.id)
    stand(scene, scene.agent.id)
    standing = scene.standing(scene.agent)
    assert (standing.answer, standing.choice) == (None, None)
    assert standing.grant is not None
    assert scene.vault.grant_lives(scene.tx, standing.grant)
    (leaf,) = scene.leaves("consent.grant_opened")
    assert (leaf["basis"], leaf["choice"]) == ("legitimate_interests", None)
    with pytest.raises(Conflict, match="fake"):
        scene.choose(GRANTED, scene.agent)


def test_where_consent_is_the_basis_only_a_yes_opens(scene: Scene) -> None:
    with pytest.raises(Conflict, match="yes"):
        stand(scene, scene.ada.id)
    assert scene.standing().grant is None


def test_one_partys_yes_is_nobody_elses(scene: Scene) -> None:
    transferred = scene.join()
    scene.choose(GRANTED)
    assert scene.standing(transferred).answer is None
    scene.choose(REFUSED, transferred)
    assert (scene.standing().answer, scene.standing(transferred).answer) == (GRANTED, REFUSED)


def test_a_party_is_of_one_call(scene: Scene) -> None:
    other = calls.begin(scene.tx, scene.clock)
    with pytest.raises(Conflict, match="another call"):
        scene.write(replace(scene.new(GRANTED), call=other.id))
    assert scene.say_yes(call=None).call == scene.call.id


def test_the_same_choice_posted_twice_is_one(scene: Scene) -> None:
    scene.ask()
    new = replace(scene.new(GRANTED), idempotency="b7c2")
    first = scene.write(new)
    scene.choose(WITHDRAWN)
    assert scene.write(new) == first
    assert scene.standing().answer is WITHDRAWN
    assert len(scene.leaves("consent.choice")) == 2


def test_a_no_posted_twice_is_one_also_where_it_was_a_withdrawal(scene: Scene) -> None:
    scene.choose(GRANTED)
    new = replace(scene.new(REFUSED), idempotency="b7c2")
    assert scene.write(new) == scene.write(new)


def test_an_idempotency_key_is_for_one_choice(scene: Scene) -> None:
    scene.write(replace(scene.new(REFUSED), idempotency="b7c2"))
    with pytest.raises(Conflict, match="idempotency"):
        scene.write(replace(scene.new(GRANTED), idempotency="b7c2"))
    with pytest.raises(Conflict, match="idempotency"):
        scene.write(replace(scene.new(REFUSED, scene.join()), idempotency="b7c2"))
    with pytest.raises(Malformed):
        scene.write(replace(scene.new(REFUSED), idempotency=""))


def test_a_clients_key_is_kept_only_as_a_hash(scene: Scene) -> None:
    scene.write(replace(scene.new(REFUSED), idempotency="+4532123456"))
    row = scene.tx.connection.execute("SELECT idempotency FROM choices").fetchone()
    assert row is not None
    assert len(row["idempotency"]) == 32


def test_another_controller_sees_no_choice(scene: Scene, database: Database) -> None:
    choice = scene.choose(GRANTED)
    with database.transaction(ControllerId(new_id())) as tx, pytest.raises(NotFound):
        actions.choice(tx, choice.id)


def test_who_wrote_it_down_is_kept(scene: Scene) -> None:
    choice = scene.say_yes(by=replace(AGENT, role=Role.SUPERVISOR))
    assert actions.choice(scene.tx, choice.id).by.role is Role.SUPERVISOR

"""The record of a call ends on its day, with all that tells of it, but for what anybody needs of it; and nothing is taken away
before."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import SYSTEM, Actor, PartyRole, Role
from rightcall.breaches.needing import needed as breached
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.calls.over import store as over
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Evidence, EvidenceKind, NewChoice
from rightcall.controllers import actions as controllers
from rightcall.controllers.remembering.store import forget_before
from rightcall.database.connection import Transaction
from rightcall.erasure.disposal import Disposer
from rightcall.errors import NotFound
from rightcall.holdings.rules import ids_root
from rightcall.ids import CallId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.requests.needing import needed as requested
from rightcall.retention.record import RecordForgetter, RecordForgotten, reach
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import JoinReason
from tests.erasure.fakes import World
from tests.retention.test_forgetting import DAYS, forget, later, let_go, remember, rows

LEAST = 400
TERM = 30
"""Of the purpose: for so long after the last call what was said there counts outside of it."""
ONLY = {"verdicts": "call IS NOT NULL"}
TELLING = (
    "calls",
    "parties",
    "asks",
    "choices",
    "opened_grants",
    "grant_keys",
    "weighings",
    "call_traits",
    "recording_sessions",
    "recording_parties",
    "recording_streams",
    "recording_timeline",
)


def keep_record(world: World, days: int = DAYS) -> None:
    with world.database.system() as tx:
        controllers.keep_on_record(tx, world.controller, days)


def end(world: World, *, at_once: int = 2000, most: int = 100_000) -> RecordForgotten:
    forgetter = RecordForgetter(database=world.database, vault=world.vault, clock=world.clock, needs=(requested, breached))
    return forgetter(world.controller, at_once=at_once, most=most)


def long_over(world: World) -> CallId:
    """A call of which nothing is known any more, that was on record for long enough."""
    remember(world)
    keep_record(world)
    let_go(world)
    later(world, DAYS + 1)
    forget(world)
    return world.scene.call


def test_a_call_is_on_record_for_so_many_days_and_no_longer(world: World) -> None:
    remember(world, 365)
    keep_record(world)
    let_go(world)
    later(world, DAYS)
    forget(world)
    assert end(world) == RecordForgotten()
    assert all(rows(world, table) for table in TELLING)
    decided = rows(world, "verdicts WHERE call IS NOT NULL")
    later(world, 1)
    assert end(world).calls == 1
    assert {table: rows(world, table) for table in TELLING} == dict.fromkeys(TELLING, 0)
    assert rows(world, "verdicts WHERE call IS NOT NULL") == 0
    [said] = world.leaves("retention.calls_forgotten")
    assert (said["days"], said["count"], said["root"]) == (DAYS, 1, ids_root([world.scene.call]).value.hex())
    [said] = world.leaves("retention.verdicts_forgotten")
    assert (said["days"], said["count"]) == (DAYS, decided)
    assert end(world) == RecordForgotten()


def test_what_is_forgotten_is_found_nowhere(world: World) -> None:
    call, ada = long_over(world), world.ada
    end(world)
    with world.deed() as tx:
        with pytest.raises(NotFound):
            calls.get(tx, call)
        assert (calls.of_subject(tx, ada), consent.choices_of_subject(tx, ada)) == ([], [])


def test_where_nobody_said_for_how_long_it_is_for_good(world: World) -> None:
    remember(world)
    let_go(world)
    later(world, 10 * DAYS)
    forget(world)
    assert end(world) == RecordForgotten()
    assert rows(world, "calls") == 1


def test_it_stays_as_long_as_anything_that_came_of_it_is_there_or_known(world: World) -> None:
    keep_record(world)
    world.recorded()
    later(world)
    assert end(world) == RecordForgotten()
    let_go_now(world)
    assert end(world) == RecordForgotten()
    remember(world)
    later(world, DAYS + 1)
    forget(world)
    assert end(world).calls == 1


def let_go_now(world: World) -> None:
    found = world.holdings()
    world.choose(Answer.WITHDRAWN)
    disposer = Disposer(database=world.database, vault=world.vault, objects=world.objects, clock=world.clock)
    disposer.dispose(world.controller, found)


def test_a_last_word_stays_for_as_long_as_it_counts_and_so_does_the_last_call(world: World) -> None:
    """A word counts for the purpose's term from that person's last call on, though nothing was chosen in that."""
    keep_record(world, LEAST)
    row(world, "UPDATE purposes SET term_days = 1000 WHERE controller = %s")
    world.hang_up()
    first = again(world, Answer.REFUSED)
    later(world, 900)
    last = again(world, None)
    later(world, 1000)
    assert end(world).calls == 1, "the one before both"
    with world.deed() as tx:
        assert {calls.get(tx, each).id for each in (first, last)} == {first, last}
    later(world, 1)
    assert end(world).calls == 2


def test_what_serves_a_purpose_keeps_the_last_word_about_it_and_no_earlier_one(world: World) -> None:
    keep_record(world, LEAST)
    world.choose(Answer.REFUSED)
    world.hang_up()
    first = world.scene.call
    later(world, 10)
    second = again(world, Answer.GRANTED)
    later(world, 1000)
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        tx.connection.execute(
            "INSERT INTO holdings (controller, holding, subject, kind, purposes, last_days, kept_until, made_at, mediatype,"
            " source, generation, basis, actor, actor_role, category, sensitivity, system, object, sealed_place, object_key,"
            " statement) VALUES (%s, %s, %s, 'field', %s, %s, %s, now(), 'text/plain', 'import', 0, 'consent', %s, 'system',"
            " 'pd:Name', 'ordinary', gen_random_uuid(), gen_random_uuid(), '', '', gen_random_uuid())",
            (
                world.controller,
                new_id(),
                world.ada,
                [world.scene.training.id],
                [world.clock.at.date()],
                world.clock.at.date(),
                SYSTEM.id,
            ),
        )
    assert end(world).calls == 1
    with world.deed() as tx:
        with pytest.raises(NotFound):
            calls.get(tx, first)
        assert calls.get(tx, second).id == second


def say(world: World, tx: Transaction, party: Party, answer: Answer) -> None:
    notice = world.scene.notices[world.scene.training.id]
    asked = None
    if answer is Answer.GRANTED:
        asked = consent.ask(tx, world.clock, call=party.call, party=party.id, notice=notice.id, by=SYSTEM).id
    new = NewChoice(
        call=party.call,
        party=party.id,
        purpose=notice.purpose,
        answer=answer,
        notice=notice.id,
        language=notice.language,
        channel=Channel.VOICE_HEARD_BY_AGENT,
        by=Actor(id=new_id(), role=Role.AGENT),
        evidence=Evidence(kind=EvidenceKind.WORDS_HEARD, detail=Personal("as was heard")),
        ask=asked,
    )
    consent.choose(tx, world.vault, world.clock, new)


def again(world: World, answer: Answer | None, *, who: SubjectId | None = None) -> CallId:
    """Ada calls once more, is asked, and answers; then that call is over too, and nothing was kept of it."""
    call = CallId(new_id())
    with world.deed() as tx:
        calls.begin(tx, world.clock, id=call)
        party = calls.join(tx, world.clock, call=call, subject=who or world.ada, role=PartyRole.CUSTOMER)
        if answer is not None:
            say(world, tx, party, answer)
        calls.finish(tx, world.clock, call)
    return call


def test_what_was_said_since_keeps_the_call(world: World) -> None:
    """A yes of long ago that is taken back today was taken back today."""
    keep_record(world, LEAST)
    call = again(world, Answer.GRANTED)
    world.hang_up()
    later(world, 1000)
    with world.deed() as tx:
        [ada] = calls.parties(tx, call)
        say(world, tx, ada, Answer.WITHDRAWN)
    later(world, LEAST)
    assert end(world).calls == 1
    assert rows(world, "choices") == 2
    later(world, 1)
    assert end(world).calls == 1


@pytest.mark.parametrize("is_another", [False, True])
def test_no_yes_counts_again_because_the_no_after_it_is_forgotten(world: World, is_another: bool) -> None:
    """A yes of a call that stays, and a no of a later one that need not; also where who said no was joined to who said yes."""
    keep_record(world, LEAST)
    world.hang_up()
    first, other = again(world, Answer.GRANTED), None
    later(world, 10)
    if is_another:
        with world.deed() as tx:
            other = subjects.identify(tx, world.vault, world.clock, [])
            joining.join(
                tx,
                world.vault,
                world.clock,
                other,
                into=world.ada,
                reason=JoinReason.PERSON_SAID_SO,
                by=Actor(id=new_id(), role=Role.DPO),
            )
    second = again(world, Answer.REFUSED, who=other)
    later(world, LEAST + TERM + 100)
    _concern(world, first)
    assert end(world).calls == 1, "of the third alone"
    with world.deed() as tx:
        assert calls.get(tx, second).id == second
    row(world, "UPDATE concerns SET call = NULL WHERE controller = %s")
    assert end(world).calls == 2, "together"


def test_a_page_at_a_time_and_as_much_as_there_is(world: World) -> None:
    long_over(world)
    with world.deed() as tx:
        for _ in range(3):
            id = CallId(new_id())
            calls.begin(tx, world.clock, id=id)
            calls.finish(tx, world.clock, id)
    later(world)
    assert end(world, at_once=1, most=1).calls == 1
    assert end(world, at_once=2).calls == 3
    assert len(world.leaves("retention.calls_forgotten")) == 3


def test_how_much_a_term_is_about_is_told_before(world: World) -> None:
    let_go(world)
    later(world)
    with world.deed() as tx:
        assert (reach(tx, world.clock, DAYS), reach(tx, world.clock, 2 * DAYS)) == (1, 0)


@pytest.mark.parametrize(
    "need", ["request", "restriction", "erasure", "breach", "concern", "session", "yes", "decided", "told", "attributed"]
)
def test_what_somebody_needs_stays(world: World, need: str) -> None:
    call = long_over(world)
    NEEDS[need](world, call)
    assert end(world) == RecordForgotten()
    with world.deed() as tx:
        assert calls.get(tx, call).id == call


def _request(world: World, call: CallId) -> None:
    with world.deed() as tx:
        requests.receive(tx, world.vault, world.clock, subject=world.ada, kind=RequestKind.ACCESS, by=SYSTEM)


def _restriction(world: World, call: CallId) -> None:
    row(world, "UPDATE subjects SET restricted_at = now() WHERE controller = %s AND subject = %s", world.ada)


def _erasure(world: World, call: CallId) -> None:
    world.answer(world.ask_for_erasure(world.ada))


def _breach(world: World, call: CallId) -> None:
    """That began before the call was over, and nobody closed."""
    row(
        world,
        "INSERT INTO breaches (controller, breach, began_at, until, known_at, nature, reach, malicious, unintelligible,"
        " entered_by, entered_as, entered_at, statement) VALUES (%s, gen_random_uuid(), %s, now(), now(), '{confidentiality}',"
        " 'unknown', false, false, gen_random_uuid(), 'dpo', now(), gen_random_uuid())",
        world.clock.at - timedelta(days=3 * DAYS),
    )


def _concern(world: World, call: CallId) -> None:
    row(
        world,
        "INSERT INTO concerns (controller, concern, target, call, raised_as, raised_on, words_key, sealed_words, stage,"
        " answer_due_on, words_of_subject) VALUES (%s, gen_random_uuid(), 'call', %s, 'anonymous', now()::date,"
        " gen_random_uuid(), '', 'raised', now()::date, false)",
        call,
    )


def _session(world: World, call: CallId) -> None:
    row(
        world,
        "UPDATE recording_sessions SET stage = 'live', ended_at = NULL, outcome = NULL WHERE controller = %s AND call = %s",
        call,
    )


def _yes(world: World, call: CallId) -> None:
    """Something in no call came by a yes of it."""
    row(
        world,
        "INSERT INTO origin_grants (controller, holding, purpose, grant_id) SELECT controller, gen_random_uuid(), purpose,"
        " grant_id FROM grant_keys WHERE controller = %s",
    )


def _decided(world: World, call: CallId) -> None:
    row(world, "UPDATE verdicts SET asked_at = %s WHERE controller = %s AND call IS NOT NULL", world.clock.at, is_last=True)


def _told(world: World, call: CallId) -> None:
    """How it went is compared still."""
    row(world, "INSERT INTO outcome_changes (controller, call, changed_at, forgotten) VALUES (%s, %s, now(), false)", call)


def _attributed(world: World, call: CallId) -> None:
    row(
        world,
        "INSERT INTO attributions (controller, statement, party, call, was, subject, attributed_at) SELECT controller,"
        " gen_random_uuid(), party, call, gen_random_uuid(), subject, %s FROM parties WHERE controller = %s LIMIT 1",
        world.clock.at,
        is_last=True,
    )


NEEDS: dict[str, Callable[[World, CallId], None]] = {
    "request": _request,
    "restriction": _restriction,
    "erasure": _erasure,
    "breach": _breach,
    "concern": _concern,
    "session": _session,
    "yes": _yes,
    "decided": _decided,
    "told": _told,
    "attributed": _attributed,
}


def test_a_concern_outlives_the_call_that_it_was_about(world: World) -> None:
    _concern(world, long_over(world))
    row(
        world,
        "UPDATE concerns SET forgotten_on = ended.at::date, closed_on = ended.at::date, stage = 'closed', ending = 'lapsed',"
        " outcome = 'upheld', sealed_answer = '', owner = ended.by, owner_role = 'dpo', answered_by = ended.by,"
        " answered_role = 'dpo', answered_at = ended.at"
        " FROM (SELECT now() AS at, gen_random_uuid() AS by) ended WHERE controller = %s",
    )
    assert end(world).calls == 1
    assert rows(world, "concerns WHERE call IS NULL") == 1


def test_a_decision_about_what_is_known_stays_and_holds_up_no_call(world: World) -> None:
    long_over(world)
    row(
        world,
        "UPDATE verdicts SET holding = %s WHERE controller = %s AND call IS NOT NULL",
        known := new_id(),
        is_last=True,
    )
    row(
        world,
        "INSERT INTO holdings (controller, holding, subject, kind, purposes, last_days, kept_until, made_at, mediatype, source,"
        " generation, basis, actor, actor_role, category, sensitivity, system, object, sealed_place, object_key, statement)"
        " VALUES (%s, %s, gen_random_uuid(), 'field', '{}', '{}', NULL, now(), 'text/plain', 'scan', 0, 'consent',"
        " gen_random_uuid(), 'system', 'pd:Name', 'ordinary', gen_random_uuid(), gen_random_uuid(), '', '', gen_random_uuid())",
        known,
    )
    assert end(world).calls == 1
    assert rows(world, "verdicts WHERE call IS NOT NULL") > 0


def test_what_was_decided_of_a_call_that_never_was_goes_by_its_age(world: World) -> None:
    """As of a vCon that nothing was kept of."""
    keep_record(world, LEAST)
    world.choose(Answer.GRANTED)
    row(world, "UPDATE verdicts SET call = gen_random_uuid() WHERE controller = %s AND call IS NOT NULL")
    later(world, LEAST)
    assert end(world).verdicts == 0
    later(world, 1)
    assert end(world).verdicts > 0
    assert rows(world, "verdicts WHERE call IS NOT NULL") == 0


def test_a_decision_stays_with_what_rests_on_it(world: World) -> None:
    long_over(world)
    row(
        world,
        "INSERT INTO holds (controller, hold, name, reason, owner, owner_role, placed_at, until, statement, agree_by, verdict)"
        " SELECT controller, gen_random_uuid(), 'case-1', 'legal_obligation', gen_random_uuid(), 'dpo', now(), now(),"
        " gen_random_uuid(), now(), verdict"
        " FROM verdicts WHERE controller = %s AND call IS NOT NULL LIMIT 1",
    )
    assert end(world).calls == 1
    assert rows(world, "verdicts WHERE call IS NOT NULL") == 1


def test_what_was_decided_in_no_call_goes_by_its_age_once_its_thing_is_not_known(world: World) -> None:
    keep_record(world, LEAST)
    world.recorded()
    [held, _] = world.holdings()
    for about in (held.id, new_id(), None):
        row(
            world,
            "INSERT INTO verdicts (controller, verdict, asked_at, act, holding, actor, actor_role, facts, rule_set, outcome,"
            " lawful, is_right, reasons, duties, missing, overrides, statement) SELECT controller, gen_random_uuid(),"
            " asked_at, act, %s, actor, actor_role, facts, rule_set, outcome, lawful, is_right, reasons, duties, missing,"
            " overrides, statement FROM verdicts WHERE controller = %s AND call IS NOT NULL LIMIT 1",
            about,
            is_last=True,
        )
    later(world, LEAST)
    assert end(world) == RecordForgotten()
    later(world, 1)
    assert end(world, at_once=1) == RecordForgotten(verdicts=2)
    assert rows(world, "verdicts WHERE call IS NULL AND holding IS NOT NULL") == 1
    assert [said["count"] for said in world.leaves("retention.verdicts_forgotten")] == [1, 1]


@pytest.mark.parametrize("is_said", [False, True])
@pytest.mark.parametrize("ahead", [None, timedelta(days=-2 * DAYS), timedelta(days=1)])
@pytest.mark.parametrize("table", ["calls", "verdicts"])
def test_nothing_is_taken_away_before_its_time(world: World, table: str, is_said: bool, ahead: timedelta | None) -> None:
    """Not where nobody says before when, or says a moment before it; nor where it is for good; nor while anything is known."""
    if table == "calls":
        long_over(world)
    else:
        keep_record(world)
        world.choose(Answer.GRANTED)
    if not is_said:
        row(world, "UPDATE controllers SET on_record_days = NULL WHERE controller = %s")
    if (is_said, ahead, table) == (True, timedelta(days=1), "calls"):
        assert take_away(world, table, ahead) == 1
        return
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="its controller says"):
        take_away(world, table, ahead)


def take_away(world: World, table: str, ahead: timedelta | None) -> int:
    with world.deed() as tx:
        if ahead is not None:
            forget_before(tx, world.clock.at + ahead)
        statement = f"DELETE FROM {table} WHERE controller = %s AND {ONLY.get(table, 'true')}"  # noqa: S608 - of this file
        return tx.connection.execute(statement, (world.controller,)).rowcount


def test_a_call_of_which_something_is_known_is_not_taken_away(world: World) -> None:
    keep_record(world)
    let_go(world)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="anything of it is known"):
        take_away(world, "calls", timedelta(days=1))


def test_the_key_of_a_yes_stays_with_whose_it_was(world: World) -> None:
    long_over(world)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="on record"):
        take_away(world, "grant_keys", timedelta(days=1))


@pytest.mark.parametrize("table", ["parties", "choices", "asks", "recording_timeline", "receipts"])
def test_nobody_takes_away_a_part_of_a_record(world: World, table: str) -> None:
    long_over(world)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
        take_away(world, table, timedelta(days=1))


def test_whoever_speaks_meanwhile_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody takes a yes back between the look at its call and its end: the call stays, and the word with it."""
    call, hold = long_over(world), over.hold

    def spoken_first(tx: Transaction, calls_: list[CallId]) -> None:
        again_said(world, call)
        hold(tx, calls_)

    monkeypatch.setattr(over, "hold", spoken_first)
    assert end(world) == RecordForgotten()
    with world.deed() as tx:
        assert len(consent.choices_of_call(tx, call)) == 3


def again_said(world: World, call: CallId) -> None:
    with world.deed() as tx:
        ada = next(each for each in calls.parties(tx, call) if each.role is PartyRole.CUSTOMER)
        say(world, tx, ada, Answer.REFUSED)


def row(world: World, statement: str, *values: object, is_last: bool = False) -> None:
    """As the deed of that room leaves it, without all that leads there."""
    given = (*values, world.controller) if is_last else (world.controller, *values)
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        tx.connection.execute(statement, given)

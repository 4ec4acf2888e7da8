"""Looks at real rows: a planted gap is found, flagged with a concern, answered, and lifted once it is gone; nothing else is."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import psycopg
import pytest

from rightcall.actors import Actor, Role
from rightcall.canonical import parse_json
from rightcall.concerns import actions as concerns
from rightcall.concerns.model import AboutPurpose, Days, RaisedAs
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ethics import actions, looking, standing, store
from rightcall.ethics.model import Bar, Explanation, Finding, Flag, Group, LookId, Measure
from rightcall.ethics.outcomes.model import Report
from rightcall.ethics.outcomes.store import upsert_report
from rightcall.ethics.slices import actions as reading
from rightcall.ids import CallId, ControllerId, new_id
from rightcall.openness import actions as openness
from tests.cast import MONDAY
from tests.ethics.scene import Line, recounted

KEPT = timedelta(days=91)
WEEK = timedelta(days=7)
DPO = Actor(id=new_id(), role=Role.DPO)
SUPERVISOR = Actor(id=new_id(), role=Role.SUPERVISOR)


def look(line: Line, *, bar: Bar | None = None) -> looking.Looked:
    judged = bar or Bar()
    with line.database.transaction(line.controller) as tx:
        made = looking.begin(tx, line.clock, kept=KEPT)
        for purpose in looking.purposes_of(tx, made, kept=KEPT):
            looking.add(tx, made, purpose, judged, kept=KEPT)
        return looking.weigh(tx, line.vault, line.clock, made, judged, controllers=1, days=Days())


def weeks(line: Line, count: int, *, longer: float, seed: int, noes: int = 120, yeses: int = 300) -> list[looking.Looked]:
    """Each week's calls, and a look a day and a bit after."""
    looked = []
    for number in range(count):
        line.week(line.clock.at, noes=noes, yeses=yeses, longer=longer, seed=seed + number)
        line.clock.at += WEEK + timedelta(days=1)
        looked.append(look(line))
    return looked


def flag_of(line: Line) -> Flag:
    with line.database.transaction(line.controller) as tx:
        (flag,) = actions.flags(tx)
        return flag


def said(line: Line, kind: str) -> list[dict[str, object]]:
    with line.database.transaction(line.controller) as tx:
        rows = tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s ORDER BY appended", (kind,)).fetchall()
    leaves = [parse_json(bytes(row["leaf"])) for row in rows]
    return [leaf for leaf in leaves if isinstance(leaf, dict)]


def test_a_planted_gap_is_flagged_with_a_concern_and_nothing_else_is(line: Line) -> None:
    looked = weeks(line, 3, longer=2.2, seed=10)
    flag = flag_of(line)
    assert [each.flagged for each in looked].count(()) == 2
    assert (flag.measure, flag.purpose, flag.answer, flag.lifted_at) == (Measure.WAITING, line.purpose, None, None)
    assert 0.1 < flag.effect.low < flag.effect.value < flag.effect.high
    with line.database.transaction(line.controller) as tx:
        assert actions.flagged(tx) == {line.purpose}
        concern = concerns.get(tx, flag.concern)
    assert (concern.target, concern.raised_as) == (AboutPurpose(line.purpose), RaisedAs.SYSTEM)
    (statement,) = said(line, "ethics.purpose_flagged")
    assert (statement["measure"], statement["effect"]) == ("waiting", round(1000 * flag.effect.value))
    assert len(said(line, "ethics.parity_looked")) == 3


def test_parity_is_not_flagged(line: Line) -> None:
    assert all(each.flagged == () for each in weeks(line, 4, longer=1.0, seed=50))
    with line.database.transaction(line.controller) as tx:
        assert actions.flagged(tx) == frozenset()


def test_a_flag_is_lifted_only_by_an_answer_and_calls_without_the_gap(line: Line) -> None:
    weeks(line, 2, longer=2.5, seed=100)
    flag = flag_of(line)
    weeks(line, 3, longer=1.0, seed=200)
    assert flag_of(line).lifted_at is None, "nobody has answered"
    with line.database.transaction(line.controller) as tx:
        actions.answer(tx, line.clock, flag.id, Explanation.MENDED, by=DPO)
    line.clock.at += timedelta(hours=1)
    assert look(line).lifted == (), "no call since the answer"
    line.clock.at += timedelta(days=2)
    weeks(line, 4, longer=1.0, seed=300, noes=400, yeses=800)
    found = flag_of(line)
    assert found.lifted_at is not None
    assert (found.answer, found.answered_by) == (Explanation.MENDED, DPO)
    assert len(said(line, "ethics.flag_lifted")) == len(said(line, "ethics.flag_answered")) == 1
    with line.database.transaction(line.controller) as tx:
        assert actions.flagged(tx) == frozenset()
        with pytest.raises(Conflict):
            actions.answer(tx, line.clock, flag.id, Explanation.MENDED, by=DPO)


def test_on_trial_people_are_asked_again_and_a_trial_in_vain_lapses(line: Line) -> None:
    weeks(line, 2, longer=2.5, seed=100)
    with line.database.transaction(line.controller) as tx:
        assert actions.flagged(tx) == {line.purpose}
        assert actions.on_trial(tx, actions.flagged(tx)) == frozenset()
        actions.answer(tx, line.clock, flag_of(line).id, Explanation.ANOTHER_CAUSE, by=DPO)
        assert actions.flagged(tx) == actions.on_trial(tx, actions.flagged(tx)) == {line.purpose}
        assert [each.tried_since for each in openness.fairness(tx).gaps] == [line.clock.at], "everybody is told so"
    line.clock.at += timedelta(days=2)
    looked = weeks(line, 3, longer=2.5, seed=300)
    with line.database.transaction(line.controller) as tx:
        began = {each.measure: each.began_at for each in store.accounts(tx)}
    flag = flag_of(line)
    assert flag.answered_at is not None
    assert began[Measure.WAITING] == flag.answered_at + timedelta(days=1), "a call from before it may be reported a day late"
    assert (flag.lifted_at, [each.lapsed for each in looked].count((flag.id,))) == (None, 1)
    assert flag.lapsed_at is not None
    assert len(said(line, "ethics.flag_lapsed")) == 1
    with line.database.transaction(line.controller) as tx:
        assert [each.tried_since for each in openness.fairness(tx).gaps] == [None]
    line.clock.at += timedelta(seconds=1)
    with line.database.transaction(line.controller) as tx:
        assert actions.flagged(tx) == {line.purpose}
        assert actions.on_trial(tx, actions.flagged(tx)) == frozenset()
        for one in (DPO, dataclasses.replace(DPO, role=Role.SUPERVISOR)):
            with pytest.raises(Conflict, match="supervisor"):
                actions.answer(tx, line.clock, flag.id, Explanation.MENDED, by=one)
        assert actions.answer(tx, line.clock, flag.id, Explanation.MENDED, by=SUPERVISOR).lapsed_at is None
        assert actions.on_trial(tx, actions.flagged(tx)) == {line.purpose}
        with pytest.raises(Conflict, match="goes on"):
            actions.answer(tx, line.clock, flag.id, Explanation.MENDED, by=SUPERVISOR)
    line.clock.at += timedelta(days=84)
    assert look(line).lapsed == (flag.id,)
    line.clock.at += timedelta(seconds=1)
    with line.database.transaction(line.controller) as tx, pytest.raises(Conflict, match="Both trials"):
        actions.answer(tx, line.clock, flag.id, Explanation.MENDED, by=SUPERVISOR)


def test_a_flag_is_not_put_to_sleep_by_an_answer(line: Line) -> None:
    """Nobody is compared after it: after four weeks the answer counts no more."""
    weeks(line, 2, longer=2.5, seed=100)
    with line.database.transaction(line.controller) as tx:
        actions.answer(tx, line.clock, flag_of(line).id, Explanation.MENDED, by=DPO)
    line.clock.at += timedelta(days=27)
    assert look(line).lapsed == ()
    line.clock.at += timedelta(days=1)
    assert look(line).lapsed == (flag_of(line).id,)


def test_only_the_dpo_may_have_answered(line: Line) -> None:
    """First; a supervisor answers second."""
    weeks(line, 2, longer=2.5, seed=100)
    with pytest.raises(Conflict, match="DPO"), line.database.transaction(line.controller) as tx:
        actions.answer(tx, line.clock, flag_of(line).id, Explanation.MENDED, by=SUPERVISOR)


def test_each_call_is_counted_once(line: Line) -> None:
    weeks(line, 1, longer=1.0, seed=1)
    with line.database.transaction(line.controller) as tx:
        before = store.accounts(tx)
    assert look(line).flagged == ()
    with line.database.transaction(line.controller) as tx:
        assert store.accounts(tx) == before
        rows = tx.connection.execute("SELECT look FROM parity_looks ORDER BY looked_at, look").fetchall()
        again = LookId(rows[0]["look"])
        assert looking.add(tx, again, line.purpose, Bar(), kept=KEPT) == 0
        assert store.accounts(tx) == before
    assert len(before) == len(Measure)
    (noes,) = [account.noes for account in before if account.measure is Measure.WAITING]
    assert 100 <= noes <= 120


def test_two_looks_at_once_flag_once(line: Line) -> None:
    """The worker's and somebody's own, at the same instant and a second apart."""
    for week in range(2):
        line.week(line.clock.at + week * WEEK, noes=150, yeses=300, longer=2.5, seed=70 + week)
    line.clock.at += 3 * WEEK
    with ThreadPoolExecutor(4) as pool:
        looked = list(pool.map(lambda _: look(line), range(4)))
    assert sum(len(each.flagged) for each in looked) == 1
    assert flag_of(line).measure is Measure.WAITING
    with line.database.transaction(line.controller) as tx:
        (waiting,) = [each for each in store.accounts(tx) if each.measure is Measure.WAITING]
    assert (250 <= waiting.noes <= 300, waiting.looks) == (True, 1)


def test_two_who_weigh_the_same_flag_once(line: Line) -> None:
    line.week(MONDAY, noes=200, yeses=300, longer=3.0, seed=70)
    line.clock.at += 2 * WEEK
    with line.database.transaction(line.controller) as tx:
        made = looking.begin(tx, line.clock, kept=KEPT)
        looking.add(tx, made, line.purpose, Bar(), kept=KEPT)
    together = Barrier(2)

    def weigh(_: int) -> looking.Looked:
        with line.database.transaction(line.controller) as tx:
            other = looking.begin(tx, line.clock, kept=KEPT)
            together.wait()
            return looking.weigh(tx, line.vault, line.clock, other, Bar(), controllers=1, days=Days())

    with ThreadPoolExecutor(2) as pool:
        assert sum(len(each.flagged) for each in pool.map(weigh, range(2))) == 1
    assert flag_of(line).measure is Measure.WAITING


def test_too_few_noes_wait_for_the_next_look(line: Line) -> None:
    weeks(line, 1, longer=1.0, seed=1, noes=20)
    with line.database.transaction(line.controller) as tx:
        assert store.accounts(tx) == []
    weeks(line, 1, longer=1.0, seed=2, noes=20)
    with line.database.transaction(line.controller) as tx:
        accounts = {account.measure: account for account in store.accounts(tx)}
    assert 30 <= accounts[Measure.WAITING].noes <= 40


def test_calls_of_the_last_day_are_not_counted_yet(line: Line) -> None:
    told = [("refused" if n % 2 else "granted", MONDAY - timedelta(hours=20), {"waited_seconds": n}) for n in range(200)]
    line.calls(told)
    assert look(line).tested == 0
    line.clock.at += timedelta(hours=5)
    assert look(line).tested == 1


def test_what_is_shown_of_a_small_group_is_that_it_is_small(line: Line) -> None:
    line.week(MONDAY, noes=29, yeses=300, longer=9.0, seed=1)
    line.clock.at = MONDAY + WEEK + timedelta(days=1)
    recounted(line)
    with line.database.transaction(line.controller) as tx:
        shown = standing.parity(tx, Bar(), now=line.clock.at, back=KEPT, only=None, by_notice=True)
    assert {row.finding for row in shown.rows} == {Finding.TOO_FEW}
    assert all(row.comparison is None for row in shown.rows)
    sizes = {size.group: size.calls for size in shown.sizes}
    assert (sizes[Group.NO], sizes[Group.YES], sizes[Group.WITHDREW]) == (None, 300, None)


def test_what_is_shown_of_a_period(line: Line) -> None:
    line.week(MONDAY, noes=150, yeses=300, longer=2.0, seed=1)
    line.clock.at = MONDAY + WEEK + timedelta(days=1)
    recounted(line)
    with line.database.transaction(line.controller) as tx:
        shown = standing.parity(tx, Bar(), now=line.clock.at, back=KEPT, only=line.purpose, by_notice=True)
    rows = {row.measure: row for row in shown.rows if row.notice is None}
    notices = {row.notice for row in shown.rows if row.notice}
    assert notices == {line.purpose}, "the scene's notice has the purpose's id"
    waiting = rows[Measure.WAITING].comparison
    assert waiting is not None
    assert waiting.in_units is not None
    assert 0 < waiting.in_units.low < waiting.in_units.value
    assert waiting.effect.low > 0.05
    assert rows[Measure.WAITING].finding is Finding.NO_GAP_FOUND, "no look was made yet"


def test_many_calls_are_read_in_slices_and_none_twice(line: Line) -> None:
    line.week(MONDAY, noes=30, yeses=70, seed=1)
    for by_end in (False, True):
        with line.database.transaction(line.controller) as tx:
            whole = reading.columns(tx, line.purpose, since=MONDAY, until=MONDAY + WEEK, by_end=by_end)
            sliced = reading.columns(tx, line.purpose, since=MONDAY, until=MONDAY + WEEK, by_end=by_end, calls=7)
        assert len(whole.group) == 100
        facts = [list(zip(each.group, each.values[Measure.WAITING], each.hour, strict=True)) for each in (whole, sliced)]
        assert sorted(facts[0]) == sorted(facts[1])


def test_a_line_that_the_statistics_do_not_know_yet_is_read_in_one_pass(line: Line) -> None:
    calls = 300
    with psycopg.connect(line.url, autocommit=True) as connection:
        others = [dataclasses.replace(line, controller=ControllerId(new_id())) for _ in range(100)]
        for other in others:
            connection.execute(
                "INSERT INTO controllers (controller, name, address, contact, jurisdictions, created_at)"
                " VALUES (%s, 'Other', '1 Example Street', 'dpo@other.example', '{EU}', now())",
                (other.controller,),
            )
            other.call("granted", MONDAY, waited_seconds=5)
        connection.execute("ANALYZE")
    line.week(MONDAY, noes=calls // 3, yeses=calls - calls // 3)
    for by_end in (False, True):
        with line.database.transaction(line.controller) as tx:
            before = rows_read(tx)
            assert len(reading.columns(tx, line.purpose, since=MONDAY, until=MONDAY + WEEK, by_end=by_end).group) == calls
            assert rows_read(tx) - before < 50 * calls
    on_a_trunk(line)
    line.clock.at += WEEK + timedelta(days=1)
    with line.database.transaction(line.controller) as tx:
        before = rows_read(tx)
        looking.purposes_of(tx, looking.begin(tx, line.clock, kept=KEPT), kept=KEPT)
        assert rows_read(tx) - before < 50 * calls


def on_a_trunk(line: Line) -> None:
    """Every call was on a trunk where the recorder stays to the end, with an agent."""
    with psycopg.connect(line.url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO trunks (controller, trunk, name, sources, staff, undecided, forbidden, default_region, language,"
            " created_at) VALUES (%s, %s, 'Trunk', '{127.0.0.1}', '{}', 'drop', 'stay', 'DK', 'en', now())",
            (line.controller, trunk := new_id()),
        )
        connection.execute("UPDATE calls SET trunk = %s WHERE controller = %s", (trunk, line.controller))
        connection.execute(
            "INSERT INTO parties (controller, party, call, subject, role, joined_at, left_at)"
            " SELECT controller, gen_random_uuid(), call, gen_random_uuid(), 'agent', joined_at, left_at FROM parties"
            "  WHERE controller = %s",
            (line.controller,),
        )


def rows_read(tx: Transaction) -> int:
    row = tx.connection.execute("SELECT sum(seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_xact_user_tables").fetchone()
    assert row is not None
    return int(row["read"] or 0)


def test_the_answer_is_the_one_that_stood_when_the_call_ended(line: Line) -> None:
    told = {"waited_seconds": 5}
    for answer in ("refused", "granted", "withdrawn", None):
        line.call(answer, MONDAY, **told)
    late = line.call("refused", MONDAY, **told)
    with line.database.transaction(line.controller) as tx:
        known = reading.columns(tx, line.purpose, since=MONDAY, until=MONDAY + WEEK)
        assert sorted(known.group) == ["no", "no", "unasked", "withdrew", "yes"]
    with psycopg.connect(line.url) as connection:
        connection.execute(
            "UPDATE choices SET made_at = %s, written_at = %s WHERE call = %s", (MONDAY + WEEK, MONDAY + WEEK, late)
        )
    with line.database.transaction(line.controller) as tx:
        known = reading.columns(tx, line.purpose, since=MONDAY, until=MONDAY + WEEK)
    assert sorted(known.group) == ["no", "unasked", "unasked", "withdrew", "yes"]


def late(line: Line, calls: list[CallId], at: datetime) -> None:
    """The contact centre's file with how these calls went comes in; the wire had told of them already."""
    for number, call in enumerate(calls):
        with line.database.transaction(line.controller) as tx:
            upsert_report(tx, call, Report(waited_seconds=number % 97, handled_seconds=99), at)


def test_what_is_reported_late_is_counted_once_and_what_the_wire_told_is_not_counted_again(line: Line) -> None:
    """The wire told of a call as it ended, a look counted that, and a weekly file tells its waiting a week after."""
    seen: dict[str, object] = {"reported_at": None, "resolved": None, "ended_by": None, "seen_at": MONDAY, "seen_transfers": 0}
    seen |= {"seen_ended_by": "unknown", "waiting_known_at": None, "unresolved_known_at": None, "hang_ups_known_at": None}
    told = [
        ("refused" if n % 3 == 0 else "granted", MONDAY + timedelta(minutes=n), seen | {"seen_handled_seconds": n})
        for n in range(180)
    ]
    calls = line.calls(told)
    line.clock.at = MONDAY + timedelta(days=2)
    look(line)
    with line.database.transaction(line.controller) as tx:
        assert {each.measure: each.noes for each in store.accounts(tx)} == {Measure.HANDLING: 60}
    line.clock.at = MONDAY + WEEK
    late(line, calls, line.clock.at)
    for _ in range(3):
        line.clock.at += timedelta(days=2)
        look(line)
        with line.database.transaction(line.controller) as tx:
            noes = {each.measure: (each.noes, each.looks) for each in store.accounts(tx)}
        assert noes == {Measure.HANDLING: (60, 1), Measure.WAITING: (60, 1)}


def test_what_is_told_late_of_a_call_from_before_an_answer_is_no_part_of_its_trial(line: Line) -> None:
    weeks(line, 2, longer=2.5, seed=100)
    before = line.clock.at - timedelta(days=3)
    with line.database.transaction(line.controller) as tx:
        actions.answer(tx, line.clock, flag_of(line).id, Explanation.MENDED, by=DPO)
    line.clock.at += timedelta(days=9)
    known = {f"{measure.value}_known_at": line.clock.at - timedelta(days=4) for measure in Measure}
    told = [("refused" if n % 2 else "granted", before, known | {"waited_seconds": n}) for n in range(200)]
    line.calls(told)
    assert look(line).lifted == ()
    with line.database.transaction(line.controller) as tx:
        (waiting,) = [each for each in store.accounts(tx) if each.measure is Measure.WAITING]
    assert waiting.began_at < before


def test_somebody_who_calls_again_and_again_is_counted_once(line: Line) -> None:
    line.week(MONDAY, noes=40, yeses=80, seed=1)
    line.only = line.caller
    line.week(MONDAY, noes=60, yeses=0, seed=2)
    line.clock.at = MONDAY + WEEK + timedelta(days=1)
    look(line)
    line.week(MONDAY + WEEK + timedelta(days=1), noes=60, yeses=0, seed=3)
    with line.database.transaction(line.controller) as tx:
        (waiting,) = [each for each in store.accounts(tx) if each.measure is Measure.WAITING]
        later = reading.columns(tx, line.purpose, since=line.clock.at, until=line.clock.at + WEEK, after=MONDAY - KEPT)
    assert 30 <= waiting.noes <= 41
    assert later.again == [True] * 60

"""A scan is durable, incremental and honest: killed anywhere it ends the same, and what it could not read it names."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from rightcall.database.connection import Database
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.model import PassedOver, Reason, SourceGone
from rightcall.discovery.parts import Part
from rightcall.discovery.ports import Listed, Load, Toil
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans import procedure, store
from rightcall.discovery.scans.model import ObjectState, Outcome, Unit
from rightcall.discovery.scans.objects import store as object_store
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change
from rightcall.errors import Conflict, Outage
from rightcall.ids import ControllerId, new_id
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_TEL, PLANTED_CARD
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import BY, Died, FakeSource, Site, ids, site_of
from tests.procedures.fakes import InlineSteps

TABLE = (
    ("id", "phone", "e-mail"),
    ("1", ADA_TEL, ADA_EMAIL),
    ("2", "+45 32 99 88 77", None),
)
NOTE = f"Card {PLANTED_CARD}, of Ada Planted, KD-204711."


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Site:
    source = FakeSource({"customers": TABLE, "ada planted.txt": NOTE}, inside={"customers": [Reason.BINARY]})
    return site_of(database, controller, vault, clock, source)


ALL = [
    ("ada planted.txt", None, "customer_id"),
    ("ada planted.txt", None, "payment_card"),
    ("customers", "row-1", "email"),
    ("customers", "row-1", "phone"),
    ("customers", "row-2", "phone"),
]


def known(site: Site) -> list[tuple[str, str | None, str]]:
    """Of the types that this test plants."""
    types = {type for _, _, type in ALL}
    return [each for each in site.places() if each[2] in types]


def test_a_scan_finds_puts_down_and_tells_what_it_did_not_read(site: Site) -> None:
    site.source.content["picture"] = Reason.BINARY
    site.source.listed.append(PassedOver(object="link", reason=Reason.LINK))
    scan = site.scanned()
    assert (scan.outcome, scan.why) == (Outcome.DONE, None)
    assert known(site) == ALL
    progress = site.progress(scan.id)
    assert progress.of(ObjectState.READ).objects == 2
    assert progress.skipped == {"not text": 1, "symbolic link": 1}
    assert progress.inside == {"not text": 1}
    with site.database.transaction(site.controller) as tx:
        skipped = scans.skipped(tx, site.vault, site.system, scan.id, after=None, limit=10)
        inside = scans.passed_over_inside(tx, site.vault, site.system, scan.id)
    assert sorted((each.name, each.reason) for each in skipped) == [("link", "symbolic link"), ("picture", "not text")]
    assert [each.name for each in inside] == ["customers!/inner"]


def test_a_scan_says_how_far_it_is(site: Site) -> None:
    steps = InlineSteps()
    site.scanning = replace(site.scanning, objects_a_step=1)
    site.run(site.start(), steps)
    of = {each.of for each in steps.told}
    assert len(of) == 1
    assert [each.done for each in steps.told] == list(range(of.pop() + 1))


def test_the_findings_of_a_row_are_one_record_with_blinds_of_their_clues(site: Site) -> None:
    site.scanned()
    first = [each for each in site.findings() if each.spot is not None and each.spot.row == "row-1"]
    other = [each for each in site.findings() if each.spot is not None and each.spot.row == "row-2"]
    assert len({each.record for each in first}) == 1
    assert first[0].record != other[0].record
    assert {ClueKind.TEL.value, ClueKind.EMAIL.value} <= {kind for each in first for kind in each.clue_kinds}
    with site.database.transaction(site.controller) as tx:
        blind = site.vault.blind(tx, ClueKind.TEL.context, ADA_TEL)
        [row] = tx.connection.execute("SELECT type FROM findings WHERE clues @> ARRAY[%s]", (blind,)).fetchall()
    assert row["type"] == "phone"


def test_no_value_no_name_and_no_key_of_a_row_lies_anywhere_in_the_clear(
    site: Site, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """In no table, in no log line. The planted strings are in the values, in an object's name and in the keys of rows."""
    site.source.crashes = "ada planted.txt"
    with caplog.at_level("DEBUG"):
        site.scanned()
    planted = [PLANTED_CARD, ADA_TEL, ADA_TEL[3:], ADA_EMAIL, "planted", "row-1", "customers", "fake://"]
    with psycopg.connect(database_url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            rows = connection.execute(
                psycopg.sql.SQL("SELECT t::text FROM {} t").format(psycopg.sql.Identifier(table))
            ).fetchall()
            text = "\n".join(row[0] for row in rows if str(site.controller) in row[0]).lower()
            for value in planted:
                assert value.lower() not in text, (table, value)
                assert value.lower().encode().hex() not in text, (table, value)
    assert "planted" not in caplog.text.lower()
    assert "ZeroDivisionError" in str([vars(each) for each in caplog.records])


@pytest.mark.parametrize("dies_at", [1, 2])
def test_killed_half_way_through_an_object_it_loses_and_doubles_nothing(site: Site, dies_at: int) -> None:
    site.source.dies_at = dies_at
    scan = site.start()
    with pytest.raises(Died):
        site.run(scan)
    assert site.run(scan) == Outcome.DONE
    assert known(site) == ALL
    assert site.progress(scan.id).of(ObjectState.READ).objects == 2


@pytest.mark.parametrize("step", ["list", "left", "read", "settle"])
@pytest.mark.parametrize("done", [False, True])
def test_a_step_that_fails_before_or_after_it_was_done_changes_nothing(site: Site, step: str, done: bool) -> None:
    scan = site.start()
    names = frozenset({step})
    steps = InlineSteps(fail_after=names) if done else InlineSteps(fail_before=names)
    assert site.run(scan, steps) == Outcome.DONE
    assert steps.failed == [step]
    assert known(site) == ALL
    kinds = _statements(site)
    assert kinds == {
        "discovery.scan_started": 1,
        "discovery.scan_ended": 1,
        "discovery.scan_followed": 1,
        "discovery.system_registered": 1,
    }


def _statements(site: Site) -> dict[str, int]:
    with site.database.transaction(site.controller) as tx:
        rows = tx.connection.execute(
            "SELECT kind, count(*) AS number FROM statements WHERE controller = %s AND kind LIKE 'discovery%%' GROUP BY kind",
            (site.controller,),
        ).fetchall()
    return {row["kind"]: row["number"] for row in rows}


def test_what_has_not_changed_is_not_read_again_and_what_has_keeps_what_stayed(site: Site) -> None:
    site.scanned()
    before = {each.id for each in site.findings()}
    site.source.reads.clear()
    again = site.scanned()
    assert (site.source.reads, again.outcome) == ([], Outcome.DONE)
    assert site.progress(again.id).of(ObjectState.UNCHANGED).objects == 2
    site.clock.at += timedelta(days=1)
    site.source.content["customers"] = (*TABLE[:2], ("2", "+45 32 77 66 55", None))
    site.scanned()
    assert site.source.reads == ["customers"]
    now = site.findings()
    assert len(ids(now) - before) == len(before - ids(now)) == 1, "one number was replaced by another"
    [gone] = [each for each in site.findings(also_gone=True) if each.gone_at is not None]
    assert gone.gone_at == site.clock.at
    assert {each.first_seen_at for each in now if each.id in before} == {site.clock.at - timedelta(days=1)}


def test_rules_that_changed_have_everything_read_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.scanned()
    before = ids(site.findings())
    site.source.reads.clear()
    monkeypatch.setattr(procedure, "digest_of", lambda _: bytes(32))
    site.scanned()
    assert len(site.source.reads) == 2
    assert ids(site.findings()) == before


def test_what_is_not_there_any_more_is_gone_and_what_comes_back_is_the_same(site: Site) -> None:
    site.scanned()
    before = ids(site.findings())
    table = site.source.content.pop("customers")
    site.scanned()
    assert {name for name, _, _ in known(site)} == {"ada planted.txt"}
    site.source.content["customers"] = table
    site.scanned()
    assert ids(site.findings()) == before


def test_what_could_not_be_read_this_time_is_not_gone(site: Site) -> None:
    site.scanned()
    site.source.content["customers"] = Reason.UNREADABLE
    site.scanned()
    assert known(site) == ALL
    del site.source.content["customers"]
    site.source.listed.append(PassedOver(object="folder", reason=Reason.UNREADABLE))
    site.scanned()
    assert known(site) == ALL, "it may lie in the folder that could not be listed"


def test_a_reader_that_breaks_on_one_object_skips_that_one_and_goes_on(site: Site) -> None:
    site.source.crashes = "ada planted.txt"
    scan = site.scanned()
    assert scan.outcome is Outcome.DONE
    assert site.progress(scan.id).skipped == {"could not be read": 1}
    assert ("customers", "row-1", "email") in known(site)


def test_an_object_that_kills_whoever_reads_it_is_skipped_after_three(site: Site) -> None:
    site.source.content = {"customers": TABLE, "bomb": NOTE}
    scan = site.start()
    for _ in range(3):
        site.source.dies_at = len(site.source.reads) + 1
        with pytest.raises(Died):
            site.run(scan)
    assert site.run(scan) == Outcome.DONE
    assert site.progress(scan.id).skipped == {"stopped whoever read it": 1}
    assert site.progress(scan.id).of(ObjectState.READ).objects == 1


def test_a_source_that_does_not_answer_is_waited_for_and_that_is_said(site: Site) -> None:
    said = list[str | None]()
    scan = site.start()
    site.source.gone_for = 2
    steps = InlineSteps(meanwhile=lambda: said.append(site.scan(scan.id).waiting_why))
    assert site.run(scan, steps) == Outcome.DONE
    assert said == ["The source does not answer."] * 2
    assert site.scan(scan.id).waiting_why is None
    assert known(site) == ALL


def test_a_source_that_stays_away_ends_the_scan_with_its_reason(site: Site) -> None:
    scan = site.start()
    site.source.gone_for = 3

    def an_hour_later() -> None:
        site.clock.at += timedelta(minutes=61)

    assert site.run(scan, InlineSteps(meanwhile=an_hour_later)) == Outcome.FAILED
    ended = site.scan(scan.id)
    assert (ended.outcome, ended.why) == (Outcome.FAILED, "The source does not answer.")


def test_a_source_that_goes_while_it_is_read_gives_the_object_back(site: Site) -> None:
    scan = site.start()
    assert site.scanning._list(site.controller, scan.id)
    site.source.gone_for = 1
    with pytest.raises(Outage):
        site.scanning._read(site.controller, scan.id)
    assert site.progress(scan.id).left.objects == 2
    assert site.run(scan) == Outcome.DONE
    assert site.progress(scan.id).skipped == {}


@pytest.mark.parametrize("content", [{}, {"a": Reason.BINARY, "b": Reason.PACKED}])
def test_a_scan_that_could_read_nothing_has_failed(site: Site, content: Any) -> None:
    site.source.content = content
    scan = site.scanned()
    assert scan.outcome is Outcome.FAILED
    assert scan.why is not None
    assert re.search("nothing in this system|none could be read", scan.why)


def test_a_sample_looks_at_some_says_how_sure_it_is_and_marks_nothing_as_whole(site: Site) -> None:
    site.source.content = {f"note-{number:03}": NOTE if number % 2 else "Nothing." for number in range(60)}
    sample = site.scanned(sample=0.1)
    progress = site.progress(sample.id)
    assert progress.of(ObjectState.READ).objects == 30
    assert progress.of(ObjectState.LEFT_OUT).objects == 30
    with site.database.transaction(site.controller) as tx:
        told = {each.type: each for each in scans.estimates(tx, sample)}
    card = told["payment_card"]
    assert card.looked_at == 30
    assert card.least < card.with_it / 30 < card.most
    assert card.least <= 0.5 <= card.most
    site.source.reads.clear()
    site.scanned()
    assert len(site.source.reads) == 60


def test_a_sample_of_a_table_says_it_of_rows(site: Site) -> None:
    """Where no object can be left out, as in a database of few tables."""
    sample = site.scanned(sample=0.5)
    with site.database.transaction(site.controller) as tx:
        told = {each.type: each for each in scans.estimates(tx, sample) if each.of is Unit.ROWS}
        assert {each.of for each in scans.estimates(tx, sample)} == {Unit.ROWS}
    assert (told["phone"].with_it, told["phone"].looked_at) == (2, 2)
    assert (told["email"].with_it, told["email"].looked_at) == (1, 2)
    assert told["email"].least < 0.5 < told["email"].most


def test_several_readers_share_the_objects_and_each_is_read_once(site: Site) -> None:
    site.source.content = {f"note-{number}": NOTE for number in range(6)}
    scan = site.start(workers=2)
    assert site.scanning._list(site.controller, scan.id)
    with site.database.transaction(site.controller) as tx:
        assert scans.shared(tx) == [scan.id]
    assert site.scanning.share(InlineSteps(), str(site.controller), str(scan.id)) == 6
    assert site.run(scan) == Outcome.DONE
    assert sorted(site.source.reads) == sorted(site.source.content)


def test_no_more_workers_read_than_the_scan_allows(site: Site) -> None:
    scan = site.start(workers=1)
    assert site.scanning._list(site.controller, scan.id)
    with site.database.transaction(site.controller) as tx:
        tx.connection.execute(
            "UPDATE scan_objects SET state = 'taken', taken_by = 'another', taken_until = now() + interval '1 hour'"
            " WHERE object = (SELECT object FROM scan_objects WHERE scan = %s LIMIT 1)",
            (scan.id,),
        )
    assert site.scanning._read(site.controller, scan.id) == 0


def test_what_another_has_taken_meanwhile_is_left_to_it(site: Site) -> None:
    """Its time was over, another took it: what this one still has in hand is not written."""
    scan = site.start()
    assert site.scanning._list(site.controller, scan.id)

    def rob(_: float) -> None:
        with site.database.transaction(site.controller) as tx:
            tx.connection.execute("UPDATE scan_objects SET taken_by = 'another' WHERE state = 'taken'")

    with site.database.transaction(site.controller) as tx:
        tx.connection.execute("UPDATE scans SET rows_pace = 1, pace = 1 WHERE scan = %s", (scan.id,))
    robbed = replace(site.scanning, wait=rob, lease=30.0)
    robbed._read(site.controller, scan.id)
    assert site.findings() == []
    assert site.progress(scan.id).of(ObjectState.READ).objects == 0


def test_one_scan_of_a_system_at_a_time_and_none_of_a_retired_one(site: Site) -> None:
    scan = site.start()
    with pytest.raises(Conflict, match=str(scan.id)):
        site.start()
    with site.database.transaction(site.controller) as tx:
        cancelled = scans.cancel(tx, site.clock, scan.id)
    assert cancelled.outcome is Outcome.CANCELLED
    assert site.run(scan) == Outcome.CANCELLED
    site.scanned()
    with site.database.transaction(site.controller) as tx:
        site.system = scans.retire_system(tx, site.vault, site.clock, site.system, by=BY)
    assert {each.spot for each in site.findings()} == {None}, "nothing is gone, and all of it is dark"
    with pytest.raises(Conflict, match="retired"):
        site.start()


def test_a_scan_is_followed_up_once_all_it_found_is_on_the_map_also_where_that_failed_at_first(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over before whose it is was told. Begun again from its first step, as what failed is, it does that and reads nothing."""
    scan = site.start()
    with monkeypatch.context() as patched:
        patched.setattr("rightcall.discovery.linking.actions.link_next", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            site.run(scan)
    over = site.scan(scan.id)
    assert (over.outcome, over.is_followed) == (Outcome.DONE, False)
    reads = len(site.source.reads)
    assert site.run(scan) == Outcome.DONE
    assert site.scan(scan.id).followed_at == site.clock.at
    assert len(site.source.reads) == reads


@pytest.mark.parametrize("step", ["link", "map", "vanish", "followed"])
def test_a_scan_that_waits_on_the_way_to_the_map_is_not_followed_up_before(site: Site, step: str) -> None:
    scan, told = site.start(), list[bool]()
    steps = InlineSteps(fail_before=frozenset({step}), meanwhile=lambda: told.append(site.scan(scan.id).is_followed))
    assert site.run(scan, steps) == Outcome.DONE
    assert told == [False]
    assert site.scan(scan.id).is_followed


def test_what_a_source_says_of_an_object_decides_where_its_list_says_nothing(site: Site) -> None:
    site.source.tells_nothing = True
    site.source.signs = {"customers": "one"}
    site.scanned()
    before = ids(site.findings())
    site.source.reads.clear()
    again = site.scanned()
    assert site.source.reads == ["ada planted.txt"], "of this one nothing was said, so it is read"
    assert site.progress(again.id).of(ObjectState.UNCHANGED).objects == 1
    assert ids(site.findings()) == before
    site.source.signs = {"customers": "two"}
    site.scanned()
    assert site.source.reads.count("customers") == 1


def test_a_sample_asks_for_no_sign_and_leaves_none_behind(site: Site) -> None:
    site.source.tells_nothing = True
    site.source.signs = {"customers": "one", "ada planted.txt": "one"}
    site.scanned(sample=0.5)
    assert site.source.asked == []
    site.source.reads.clear()
    site.scanned()
    assert len(site.source.reads) == 2


@pytest.mark.parametrize(("load", "seconds"), [(Load(rows=1), 2.0), (Load(bytes=10), 2.0), (Load(bytes=1, rows=1), 20.0)])
def test_a_scan_reads_no_faster_than_it_was_told(site: Site, load: Load, seconds: float) -> None:
    """By a clock that stands still but while the reader waits. The table has two rows of ten bytes each."""
    site.source.content = {"customers": TABLE}
    waited = list[float]()
    site.scanning = replace(site.scanning, wait=waited.append, watch=lambda: sum(waited), lease=1000.0)
    scan = site.start(load=load)
    site.run(scan)
    assert sum(waited) == pytest.approx(seconds)


def test_the_limit_of_a_system_holds_for_every_scan_of_it(site: Site) -> None:
    with site.database.transaction(site.controller) as tx:
        change = Change(load=Load(bytes=1000, rows=50))
        site.system = systems.checked(tx, site.vault, site.clock, site.system, change, abilities=site.source.abilities, by=BY)
        assert systems.get(tx, site.system.id).load == Load(bytes=1000, rows=50)
    site.scanning = replace(site.scanning, lease=1000.0)
    assert site.scanned(load=Load(rows=7)).how.load == Load(bytes=1000, rows=7)
    assert site.scanned(load=Load(bytes=5000)).how.load == Load(bytes=1000, rows=50)


def test_one_makes_the_list_and_another_waits_until_it_is_made(site: Site) -> None:
    """As where a worker and a command begin the same scan: two lists made at once would be half of each."""
    site.scanning = replace(site.scanning, lease=1000.0)
    scan, other = site.start(), new_id()
    with site.database.transaction(site.controller) as tx:
        assert store.take_list(tx, scan.id, other, 1000.0)
    with pytest.raises(Outage, match="Another worker lists"):
        site.scanning._list(site.controller, scan.id)
    assert site.progress(scan.id).left.objects == 0
    with site.database.transaction(site.controller) as tx:
        store.leave_list(tx, scan.id, other)
    assert site.run(scan) == Outcome.DONE
    assert known(site) == ALL


def test_a_table_that_was_emptied_while_its_scan_was_cut_off_holds_nothing_any_more(site: Site) -> None:
    """What the reading that was cut off had found is gone with the rest."""
    site.source.content.pop("ada planted.txt")
    site.source.dies_at = 1
    scan = site.start()
    with pytest.raises(Died):
        site.run(scan)
    assert ("customers", "row-1", "phone") in site.places()
    site.source.content["customers"] = TABLE[:1]
    site.source.dies_at = None
    site.run(scan)
    assert site.places() == []
    assert all(each.gone_at is not None for each in site.findings(also_gone=True))


def test_what_changed_while_it_was_read_is_said_and_read_again_the_next_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.source.tells_nothing = True
    site.source.signs = {"customers": "one", "ada planted.txt": "one"}
    whole = FakeSource.read

    def read(self: FakeSource, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        yield from whole(self, object, sample=sample)
        self.signs["customers"] = "two"

    monkeypatch.setattr(FakeSource, "read", read)
    site.source.content.pop("ada planted.txt")
    assert site.progress(site.scanned().id).inside == {"changed while it was read": 1, "not text": 1}
    site.source.reads.clear()
    again = site.scanned()
    assert site.source.reads == ["customers"]
    assert site.progress(again.id).inside == {"not text": 1}
    site.source.reads.clear()
    site.scanned()
    assert site.source.reads == []


def test_an_object_that_takes_too_long_is_put_aside_and_what_was_known_of_it_is_not_gone(site: Site) -> None:
    site.scanned()
    site.source.content["customers"] = (*TABLE, ("3", "+45 32 77 66 55", None))
    site.source.reads.clear()
    site.scanning = replace(site.scanning, toil=Toil(seconds=0))
    scan = site.scanned()
    assert (scan.outcome, site.progress(scan.id).inside["took longer than it may"]) == (Outcome.DONE, 1)
    assert known(site) == ALL
    site.scanning = replace(site.scanning, toil=Toil())
    again = site.scanned()
    assert site.source.reads == ["customers", "customers"], "it is tried again, unchanged as it is"
    assert "took longer than it may" not in site.progress(again.id).inside
    assert ("customers", "row-3", "phone") in site.places()


def test_what_was_not_read_within_an_object_is_said_again_as_long_as_that_is_unchanged(site: Site) -> None:
    first = site.scanned()
    for _ in range(2):
        scan = site.scanned()
        progress = site.progress(scan.id)
        assert (progress.inside, progress.still) == ({}, {"not text": 1})
        with site.database.transaction(site.controller) as tx:
            [inside] = scans.passed_over_inside(tx, site.vault, site.system, scan.id)
        assert (inside.name, inside.reason, inside.since) == ("customers!/inner", "not text", first.started_at)
    site.source.content["customers"] = NOTE
    assert site.progress(site.scanned().id).still == {}


def test_a_scan_that_waits_for_its_source_has_no_estimate(site: Site) -> None:
    scan = site.start()
    site.scanning = replace(site.scanning, objects_a_step=1)
    site.scanning._list(site.controller, scan.id)
    site.scanning._read(site.controller, scan.id)
    assert site.progress(scan.id).seconds_left is None, "nobody reads, and nobody knows when they go on"
    with site.database.transaction(site.controller) as tx:
        object_store.take(tx, scan.id, "another reader", objects=1, seconds=0)
    assert site.progress(scan.id).seconds_left is not None
    site.source.gone_for = 1
    with pytest.raises(SourceGone):
        site.scanning._read(site.controller, scan.id)
    site.clock.at += timedelta(minutes=30)
    assert site.progress(scan.id).seconds_left is None
    site.scanning._read(site.controller, scan.id)
    assert site.progress(scan.id).seconds_left == 0.0


def test_how_far_it_is_is_told_within_an_object_that_is_being_read(site: Site) -> None:
    site.source.content = {"table": [("phone",), *[("+45 32 12 34 56",)] * 5]}
    site.source.dies_at = 1
    scan = site.start()
    assert site.scanning._list(site.controller, scan.id)
    with pytest.raises(Died):
        site.scanning._read(site.controller, scan.id)
    progress = site.progress(scan.id)
    assert progress.of(ObjectState.READ).objects == 0
    assert (progress.so_far.rows, progress.so_far.findings) == (1, 1)

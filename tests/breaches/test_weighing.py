"""A breach is shown as it was last weighed: what is found afterwards is said, and counts once it is weighed anew. Whoever is
affected is found without looking at anybody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from rightcall.breaches import actions
from rightcall.breaches.model import Breach, Circumstances, Nature, NewBreach, Window
from rightcall.breaches.statements import BreachCorrected, BreachEntered
from rightcall.breaches.weighing import actions as weighing
from rightcall.breaches.weighing import assessing, store
from rightcall.breaches.weighing.assessing import assess
from rightcall.breaches.weighing.documents import assessment_of, document_of
from rightcall.breaches.weighing.model import Progress, Standing
from rightcall.breaches.weighing.procedure import BreachWeighing
from rightcall.breaches.weighing.rows import Rows
from rightcall.canonical import parse_json
from rightcall.database.connection import Database, Transaction
from rightcall.database.walk import Walk
from rightcall.discovery.scans.statements import ScanFollowed
from rightcall.errors import Conflict
from rightcall.ids import ControllerId, StatementId, SubjectId, new_id
from rightcall.ledger.model import Statement
from rightcall.policy.model import RuleSet
from rightcall.reactions import REACTIONS, _start
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import BY, FakeSource, Site, site_of
from tests.procedures.fakes import InlineSteps

SEEN = Circumstances(nature=frozenset({Nature.CONFIDENTIALITY}), malicious=False)
NO_RULES = RuleSet(digest=b"", rules=())
NOTE = "Write to ada@caller.example."


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Site:
    return site_of(database, controller, vault, clock, FakeSource({"note.txt": NOTE}))


def entered(site: Site) -> Breach:
    """And weighed, as the worker does at once."""
    breach = begun(site)
    assert weighings(site).of_breach(InlineSteps(), str(site.controller), str(breach.id)) == 1
    return breach


def begun(site: Site) -> Breach:
    window = Window(system=site.system.id, began_at=site.clock.at - timedelta(days=3), until=site.clock.at + timedelta(days=30))
    new = NewBreach(window=window, circumstances=SEEN, known_at=site.clock.at)
    with site.database.transaction(site.controller) as tx:
        return actions.enter(tx, site.clock, new, by=BY)


def shown(site: Site, breach: Breach) -> tuple[int, bool, bool]:
    """How much is nobody's, whether it is being weighed, and whether more is known since."""
    with site.database.transaction(site.controller) as tx:
        found = weighing.standing(tx, actions.get(tx, breach.id))
    assert found.assessed is not None
    return found.assessed.nobodys.items, found.is_under_way, found.has_changed


def weighings(site: Site) -> BreachWeighing:
    return BreachWeighing(database=site.database, vault=site.vault, clock=site.clock)


def find_more(site: Site) -> None:
    site.clock.at += timedelta(hours=1)
    site.source.content = {"note.txt": NOTE, "more.txt": "Or to ben@caller.example."}
    site.scanned()


def after_the_scan(site: Site) -> None:
    """What the worker does once all that a scan found is on the map."""
    with site.database.transaction(site.controller) as tx:
        row = tx.connection.execute(
            "SELECT leaf FROM statements WHERE controller = %s AND kind = %s ORDER BY statement DESC LIMIT 1",
            (site.controller, ScanFollowed.KIND),
        ).fetchone()
    assert row is not None
    said, begun = parse_json(row["leaf"]), []
    assert isinstance(said, dict)
    for reaction in REACTIONS:
        if reaction.after is ScanFollowed:
            _start(reaction, row["leaf"], lambda name, _, *arguments: begun.append((name, arguments)))
    [arguments] = [arguments for name, arguments in begun if name == "weigh_breaches"]
    assert weighings(site).of_system(InlineSteps(), *arguments) == 1


def test_what_is_found_afterwards_is_said_and_counts_once_its_scan_is_followed(site: Site) -> None:
    site.scanned()
    breach = entered(site)
    assert shown(site, breach) == (1, False, False)
    find_more(site)
    assert shown(site, breach) == (1, False, True)
    after_the_scan(site)
    assert shown(site, breach) == (2, False, False)


@pytest.mark.parametrize("said", [BreachEntered, BreachCorrected])
def test_it_is_weighed_when_it_is_entered_and_when_it_is_corrected(said: type[Statement]) -> None:
    assert [each.procedure for each in REACTIONS if each.after is said] == ["weigh_breach"]


def test_before_it_is_weighed_nothing_is_counted_and_how_far_it_is_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.scanned()
    breach, seen = begun(site), list[Standing]()
    with site.database.transaction(site.controller) as tx:
        stands = weighing.standing(tx, actions.get(tx, breach.id))
        with pytest.raises(Conflict, match="not counted yet"):
            actions.close(tx, site.clock, NO_RULES, breach.id, by=BY)
    assert (stands.assessed, stands.is_under_way, stands.progress) == (None, True, None)
    slices = [(None, SubjectId(UUID(int=1))), (SubjectId(UUID(int=1)), None)]
    monkeypatch.setattr(assessing, "slices", lambda *_: iter(slices))
    looked = store.open_data

    def while_others_look_on(*given: object) -> object:
        with site.database.transaction(site.controller) as tx:
            seen.append(weighing.standing(tx, actions.get(tx, breach.id)))
        return looked(*given)  # type: ignore[arg-type]  # whatever it is given

    monkeypatch.setattr(store, "open_data", while_others_look_on)
    assert weighings(site).of_breach(InlineSteps(), str(site.controller), str(breach.id)) == 1
    assert [(each.assessed, each.progress) for each in seen] == [(None, Progress(done=n, of=2)) for n in range(2)]
    assert shown(site, breach) == (1, False, False)
    with site.database.transaction(site.controller) as tx:
        assert store.progress(tx, breach.id) is None


def test_cut_off_in_the_middle_it_comes_to_the_same(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.scanned()
    breach, cut = begun(site), RuntimeError("killed")

    def killed(*_: object) -> object:
        raise cut

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(assessing, "_places", killed)
        with pytest.raises(RuntimeError, match="killed"):
            weighings(site).of_breach(InlineSteps(), str(site.controller), str(breach.id))
    with site.database.transaction(site.controller) as tx:
        stands = weighing.standing(tx, actions.get(tx, breach.id))
    assert (stands.assessed, stands.progress) == (None, Progress(done=0, of=1))
    assert weighings(site).of_breach(InlineSteps(), str(site.controller), str(breach.id)) == 1
    assert shown(site, breach) == (1, False, False)


def test_a_correction_is_judged_at_once_and_what_is_newer_than_its_weighing_closes_nothing(site: Site) -> None:
    site.scanned()
    breach = entered(site)
    site.clock.at += timedelta(seconds=1)
    with site.database.transaction(site.controller) as tx:
        actions.correct(tx, site.clock, breach.id, replace(SEEN, unintelligible=True), by=BY)
        stands = weighing.standing(tx, actions.get(tx, breach.id))
        with pytest.raises(Conflict, match="being weighed"):
            actions.close(tx, site.clock, NO_RULES, breach.id, by=BY)
    assert stands.assessed is not None
    assert (stands.is_under_way, stands.assessed.score, stands.assessed.nobodys.items) == (True, 0.0, 1)
    site.clock.at += timedelta(seconds=1)
    assert weighings(site).of_breach(InlineSteps(), str(site.controller), str(breach.id)) == 1
    find_more(site)
    with site.database.transaction(site.controller) as tx, pytest.raises(Conflict, match="newer than its weighing"):
        actions.close(tx, site.clock, NO_RULES, breach.id, by=BY)


def test_somebody_asks_and_it_is_being_weighed_until_it_is(site: Site) -> None:
    site.scanned()
    breach = entered(site)
    find_more(site)
    for _ in range(2):
        with site.database.transaction(site.controller) as tx:
            actions.ask_weighing(tx, site.clock, breach.id, by=BY)
            asked = tx.connection.execute(
                "SELECT count(*) AS number FROM statements WHERE controller = %s AND kind = 'breaches.weighing_asked'",
                (site.controller,),
            ).fetchone()
        assert asked == {"number": 1}, "again changes nothing while it goes on"
    assert shown(site, breach) == (1, True, True)
    site.clock.at += timedelta(seconds=1)
    assert weighings(site).of_breach(InlineSteps(), str(site.controller), str(breach.id)) == 1
    assert shown(site, breach) == (2, False, False)


def test_what_somebody_corrected_meanwhile_stands(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A weighing by what was known before is not kept."""
    site.scanned()
    breach, known = entered(site), replace(SEEN, unintelligible=True)
    weighed = weighing._weighed

    def while_it_is_corrected(*given: object) -> object:
        found = weighed(*given)  # type: ignore[arg-type]  # whatever it is given
        monkeypatch.undo()
        with site.database.transaction(site.controller) as tx:
            actions.correct(tx, site.clock, breach.id, known, by=BY)
        return found

    monkeypatch.setattr(weighing, "_weighed", while_it_is_corrected)
    assert weighings(site).of_breach(InlineSteps(), str(site.controller), str(breach.id)) == 0
    with site.database.transaction(site.controller) as tx:
        found = weighing.standing(tx, actions.get(tx, breach.id)).assessed
    assert found is not None
    assert found.score == 0.0


def test_each_that_is_open_is_due_once_a_day_and_so_is_one_that_never_was_weighed(site: Site) -> None:
    site.scanned()
    breach = entered(site)
    with site.database.transaction(site.controller) as tx:
        assert weighing.due(tx, site.clock) == []
        site.clock.at += timedelta(days=1)
        assert weighing.due(tx, site.clock) == [breach.id]
    weighings(site).of_breach(InlineSteps(), str(site.controller), str(breach.id))
    with site.database.transaction(site.controller) as tx:
        assert weighing.due(tx, site.clock) == []
    with psycopg.connect(site.database.url) as admin:
        admin.execute("DELETE FROM breach_weighings WHERE breach = %s", (breach.id,))
    with site.database.transaction(site.controller) as tx:
        assert weighing.due(tx, site.clock) == [breach.id]
        assert weighing.standing(tx, actions.get(tx, breach.id)).is_under_way


def test_what_is_kept_is_what_was_weighed(site: Site) -> None:
    site.scanned()
    breach = entered(site)
    with site.database.transaction(site.controller) as tx:
        found = assess(tx, site.vault, site.clock, breach.window, breach.circumstances)
        kept = store.weighing(tx, breach.id)
    assert kept is not None
    assert kept.assessed == found == assessment_of(document_of(found))


def test_people_are_walked_from_both_ends_across_rows(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    id, everybody = StatementId(new_id()), sorted(SubjectId(new_id()) for _ in range(8))
    monkeypatch.setattr(store, "IN_A_ROW", 3)
    with site.database.transaction(site.controller) as tx:
        rows = Rows(tx, id)
        rows.add(everybody[:4])
        rows.add(everybody[4:])
        rows.end()
        for oldest_first, order in ((True, everybody), (False, everybody[::-1])):
            assert list(walked(tx, id, oldest_first)) == order
            assert store.people(tx, id, Walk(id=order[2], oldest_first=oldest_first), 5) == order[3:]


def walked(tx: Transaction, id: StatementId, oldest_first: bool) -> Iterator[SubjectId]:
    """Two at a time."""
    last: UUID | None = None
    while page := store.people(tx, id, Walk(id=last, oldest_first=oldest_first), 2):
        yield from page
        last = page[-1]


_ROWS = """
INSERT INTO breach_people (controller, weighing, first, last, subjects)
SELECT %(controller)s, %(weighing)s, id, id, ARRAY[id]
  FROM (SELECT ('01970000' || lpad(to_hex(n), 8, '0') || '7000800000000000')::uuid AS id FROM generate_series(1, 5000) n) s
"""
_THINGS = """
INSERT INTO holdings (controller, holding, subject, kind, purposes, last_days, made_at, mediatype, source, generation, actor,
                      actor_role, object_key, statement, category, sensitivity, system, object, field, span_start, span_end,
                      sealed_place)
SELECT %(controller)s, gen_random_uuid(), ('01970000' || lpad(to_hex(n / 4), 8, '0') || '7000800000000000')::uuid, 'field', '{}',
       '{}', now(), 'text/plain', 'scan', 0, gen_random_uuid(), 'system', '', gen_random_uuid(), 'pd:Name', 'ordinary',
       CASE WHEN n < 8 THEN %(small)s::uuid ELSE %(large)s::uuid END, gen_random_uuid(), 'name', 0, 1,
       decode(repeat('00', 32), 'hex')
  FROM generate_series(1, 20000) AS n
"""


_GONE = """
INSERT INTO gone_holdings SELECT (jsonb_populate_record(h, '{"disposed_at": "2026-11-27"}')).* FROM ONLY holdings h
"""


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize("system", ["small", "large"])
def test_a_page_of_people_looks_at_nobody_else(database_url: str, system: str, oldest_first: bool) -> None:
    """Not at all things of the system, nor at all people, of whom few or many are affected."""
    given: dict[str, object] = {name: new_id() for name in ("controller", "weighing", "small", "large")}
    given |= Walk(oldest_first=oldest_first).bounds() | {"rows": 2, "limit": 50}
    with psycopg.connect(database_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(_ROWS, given)
        connection.execute(_THINGS, given)
        connection.execute(_GONE)
        connection.execute("ANALYZE breach_people, holdings, gone_holdings")
        who = planned(connection, store._PEOPLE[oldest_first], given)
        some = [UUID(f"01970000-0000-{n:04x}-7000-800000000000") for n in range(50)]
        given |= {"system": given[system], "people": some, "began_at": "-infinity", "until": "infinity"}
        what = planned(connection, store._SORTS, given)
        connection.rollback()
    assert "breach_people_controller_weighing_last_key" in who if oldest_first else "breach_people_pkey" in who, who
    assert "holdings_of_subject" in what, what
    assert "Seq Scan" not in who + what


def planned(connection: psycopg.Connection, statement: str, given: dict[str, object]) -> str:
    return "\n".join(str(row[0]) for row in connection.execute("EXPLAIN " + statement, given))

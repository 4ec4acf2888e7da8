"""How fast verdicts are decided again under proposed rules, as `rightcall rules replay` does it, from the database to the report.

Real verdicts, asked and stored as in life, are multiplied to the number wanted and spread over some weeks: the same few hundred
situations come again and again, as they do in a contact centre. Beside it, verdicts of which no two have equal facts, so that the
rules are asked for each: the price without remembering, by the same code in the same run.
"""

import itertools
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg

from rightcall.actors import SYSTEM, PartyRole, Role
from rightcall.clock import SystemClock
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import NewController
from rightcall.database.connection import Database
from rightcall.database.embedded import ensure_running
from rightcall.database.migrate import migrate
from rightcall.ids import ControllerId, PurposeId, new_id
from rightcall.policy.actions import ask_all, load_rules
from rightcall.policy.model import Act, Axis, PartyFacts, Preference, PurposeFacts, Question, RuleSet, Said
from rightcall.policy.reading import read_rules, rule_set
from rightcall.policy.replay import Report, as_if_in_force
from rightcall.policy.replaying import replay
from rightcall.purposes.model import LawfulBasis

_PURPOSES = 12
_AT_ONCE = 100_000
_RULE = """
@id("house.proposed") @value("care") @owner("dpo") @in_force_from("2030-01-01") @last_checked("2026-11-02") @jurisdiction("*")
@says("What is kept for this purpose is kept only after a yes of everyone.") @instead("It would be right after it.")
forbid (principal, action == Action::"capture", resource) when { context.purpose.key == "purpose-0" };
"""


def run(*, verdicts: int = 1_000_000, different: int = 5_000, days: int = 90) -> dict[str, object]:
    rules = as_if_in_force(load_rules())
    proposed = rule_set([*rules.rules, *read_rules("proposed.cedar", _RULE, Axis.HOUSE)[0]])
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder:
        server = ensure_running(Path(folder))
        try:
            migrate(server.url)
            database = Database(server.url)
            alike, unlike = _controller(database), _controller(database)
            situations = _ask(database, alike, rules)
            _ask(database, unlike, rules)
            began = time.perf_counter()
            _multiply(server.url, alike, situations, verdicts, days)
            _make_differ(server.url, unlike, situations, different, days)
            filled = time.perf_counter() - began
            report, seconds = _timed(database, alike, proposed, rules, days)
            peer, peer_seconds = _timed(database, unlike, proposed, rules, days)
            database.close()
        finally:
            server.stop()
    _check(report, peer)
    return {
        "bench": "replay",
        "verdicts": report.verdicts,
        "situations": situations,
        "days": days,
        "filling_seconds": round(filled, 1),
        "seconds": round(seconds, 2),
        "verdicts_per_second": round(report.verdicts / seconds),
        "rules_asked": report.decided,
        "would_change": sum(seen.count for seen in report.changes.values()),
        "goal_seconds_for_1000000": 60,
        "peer": "verdicts with no two facts equal: both the proposed rules and those in force are asked for each",
        "peer_verdicts": peer.verdicts,
        "peer_verdicts_per_second": round(peer.verdicts / peer_seconds),
        "peer_rules_asked_per_second": round(peer.decided / peer_seconds),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


def _controller(database: Database) -> ControllerId:
    new = NewController(name=f"Bench {new_id()}", address="1 Example Street", contact="dpo@x.example", jurisdictions=("DK",))
    with database.system() as tx:
        return controllers.create(tx, SystemClock(), new).id


def _ask(database: Database, controller: ControllerId, rules: RuleSet) -> int:
    """Every situation once; how many there are."""
    asked = questions()
    with database.transaction(controller) as tx:
        ask_all(tx, rules=rules, clock=SystemClock(), questions=asked, by=SYSTEM)
    return len(asked)


def questions() -> list[Question]:
    """Captures and askings: twelve purposes, whatever the customer said and wished, with and without a third party."""
    agent = PartyFacts(role=PartyRole.AGENT, answer=Said.UNASKED, basis=LawfulBasis.LEGITIMATE_INTERESTS)
    third = replace(agent, role=PartyRole.THIRD_PARTY, basis=LawfulBasis.CONSENT)
    asked_at = SystemClock().now() - timedelta(hours=1)
    questions = []
    for number, said, wish, beside in itertools.product(range(_PURPOSES), Said, Preference, ((agent,), (agent, third))):
        customer = PartyFacts(role=PartyRole.CUSTOMER, answer=said, basis=LawfulBasis.CONSENT, preference=wish)
        capture = Question(
            act=Act.CAPTURE,
            at=asked_at,
            jurisdictions=frozenset({"DK"}),
            purpose=_purpose(number),
            speaker=customer,
            parties=(customer, *beside),
            pauses=frozenset(),
            carries_card_data=False,
            carries_authentication_data=False,
        )
        questions += [capture, replace(capture, act=Act.ASK), replace(capture, speaker=agent)]
    return questions


def _purpose(number: int) -> PurposeFacts:
    return PurposeFacts(
        id=PurposeId(new_id()),
        key=f"purpose-{number}",
        basis=LawfulBasis.CONSENT,
        staff_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        categories=frozenset({"pd:VoiceCommunicationRecording"}),
        may_use=frozenset({Role.SUPERVISOR}),
        term_days=30,
        active=True,
    )


def _multiply(url: str, controller: ControllerId, situations: int, verdicts: int, days: int) -> None:
    """The verdicts there are, again and again, ten to a call, spread over the days."""
    with _spread(url, controller) as connection:
        for begins in range(0, verdicts, _AT_ONCE):
            connection.execute(
                """
                INSERT INTO verdicts (controller, verdict, asked_at, act, purpose, call, actor, actor_role, facts, rule_set,
                                      outcome, lawful, is_right, reasons, duties, missing, statement)
                SELECT controller, gen_random_uuid(), asked_at - make_interval(secs => g::float8 * %(seconds)s / %(all)s),
                       act, purpose, md5((g / 10)::text)::uuid, actor, actor_role, facts, rule_set,
                       outcome, lawful, is_right, reasons, duties, missing, statement
                  FROM generate_series(%(begins)s, %(ends)s - 1) AS g
                  JOIN bench_first ON n = (g::bigint * 7919) %% %(situations)s
                """,
                {
                    "seconds": 86_400 * (days - 1),
                    "all": verdicts,
                    "situations": situations,
                    "begins": begins,
                    "ends": min(begins + _AT_ONCE, verdicts),
                },
            )


def _make_differ(url: str, controller: ControllerId, situations: int, verdicts: int, days: int) -> None:
    """As many with facts no two of which are equal: each purpose has a term of its own."""
    with _spread(url, controller) as connection:
        connection.execute(
            """
            INSERT INTO verdicts (controller, verdict, asked_at, act, purpose, call, actor, actor_role, facts, rule_set,
                                  outcome, lawful, is_right, reasons, duties, missing, statement)
            SELECT controller, gen_random_uuid(), asked_at - make_interval(secs => g::float8 * %(seconds)s / %(all)s),
                   act, purpose, call, actor, actor_role,
                   jsonb_set(facts, '{purpose,term_days}', to_jsonb(g + 1000)), rule_set,
                   outcome, lawful, is_right, reasons, duties, missing, statement
              FROM generate_series(1, %(all)s) AS g JOIN bench_first ON n = g %% %(situations)s
            """,
            {"seconds": 86_400 * (days - 1), "all": verdicts, "situations": situations},
        )


@contextmanager
def _spread(url: str, controller: ControllerId) -> Iterator[psycopg.Connection]:
    """The controller's verdicts numbered in `bench_first`, and gone from `verdicts` afterwards. Their statements stay, and are
    not looked up for each copy."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            """
            CREATE TEMPORARY TABLE bench_first AS
            SELECT *, row_number() OVER () - 1 AS n FROM verdicts WHERE controller = %s
            """,
            (controller,),
        )
        connection.execute("ANALYZE bench_first")
        connection.execute("DELETE FROM verdicts WHERE controller = %s", (controller,))
        yield connection
        connection.execute("ANALYZE verdicts")


def _timed(database: Database, controller: ControllerId, proposed: RuleSet, in_force: RuleSet, days: int) -> tuple[Report, float]:
    began = time.perf_counter()
    report = replay(database, SystemClock(), controller, proposed=proposed, in_force=in_force, days=days, tell=_quietly)
    return report, time.perf_counter() - began


def _quietly(_part: float, _seen: int) -> None:
    """Nobody watches."""


def _check(report: Report, peer: Report) -> None:
    """The figures count only where all was replayed and the rule in force gave every stored answer again."""
    for each in (report, peer):
        if each.drift or each.left_out or each.given_again != each.verdicts:
            raise AssertionError("Something was not replayed, or came out otherwise by the same rules.")
    if {kind.purpose for kind in report.changes} != {"purpose-0"}:
        raise AssertionError("The proposed rule is for one purpose, and changed another.")

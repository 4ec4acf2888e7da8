"""The tables `weighings`, `words_judged` and `purpose_findings`, and what a weighing reads
beside them. They only grow."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.consent.model import AskId, Quality, Steps, Told
from rightcall.consent.quality.model import (
    Cause,
    Finding,
    Listed,
    PurposeFinding,
    Tally,
    Weighed,
    Weighing,
)
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, ChoiceId, GrantId, NoticeId, PartyId, PurposeId, StatementId, SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Noes:
    """How often, and when last."""

    count: int
    last_at: datetime | None


def insert_weighing(tx: Transaction, weighing: Weighing) -> None:
    sql.execute(
        tx,
        "INSERT INTO weighings (controller, choice, nth, purpose, grant_id, quality, findings, faults, cause, weighed_by,"
        " weighed_as, weighed_at, statement) VALUES (%(controller)s, %(choice)s, %(nth)s, %(purpose)s, %(grant)s, %(quality)s,"
        " %(findings)s, %(faults)s, %(cause)s, %(by)s, %(as)s, %(at)s, %(statement)s)",
        **{
            "controller": tx.of,
            "choice": weighing.choice,
            "nth": weighing.nth,
            "purpose": weighing.purpose,
            "grant": weighing.grant,
            "quality": weighing.weighed.quality.value,
            "findings": [each.value for each in weighing.weighed.findings],
            "faults": list(weighing.weighed.faults),
            "cause": weighing.cause.value,
            "by": weighing.by.id,
            "as": weighing.by.role.value,
            "at": weighing.at,
            "statement": weighing.statement,
        },
    )


def latest(tx: Transaction, choices: Sequence[ChoiceId]) -> dict[ChoiceId, Weighing]:
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT ON (choice) choice, nth, purpose, grant_id, quality, findings, faults, cause, weighed_by, weighed_as,"
        " weighed_at, statement FROM weighings WHERE controller = %(controller)s AND choice = ANY(%(choices)s)"
        " ORDER BY choice, nth DESC",
        controller=tx.of,
        choices=list(choices),
    )
    return {ChoiceId(row["choice"]): _weighing(row) for row in rows}


def of_choice(tx: Transaction, choice: ChoiceId) -> list[Weighing]:
    """Every weighing, oldest first."""
    rows = sql.all_rows(
        tx,
        "SELECT choice, nth, purpose, grant_id, quality, findings, faults, cause, weighed_by, weighed_as, weighed_at, statement"
        " FROM weighings WHERE controller = %(controller)s AND choice = %(choice)s ORDER BY nth",
        controller=tx.of,
        choice=choice,
    )
    return [_weighing(row) for row in rows]


def on_grant(tx: Transaction, grant: GrantId) -> list[Weighing]:
    """The newest weighing of each yes that the grant stands on."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT ON (choice) choice, nth, purpose, grant_id, quality, findings, faults, cause, weighed_by, weighed_as,"
        " weighed_at, statement FROM weighings WHERE controller = %(controller)s AND grant_id = %(grant)s"
        " ORDER BY choice, nth DESC",
        controller=tx.of,
        grant=grant,
    )
    return [_weighing(row) for row in rows]


def yes_on_grant(tx: Transaction, grant: GrantId) -> ChoiceId | None:
    """The newest yes that the grant stands on; None where it stands on none."""
    row = sql.maybe_row(
        tx,
        "SELECT choice FROM choices WHERE controller = %(controller)s AND grant_id = %(grant)s AND answer = 'granted'"
        " ORDER BY sequence DESC LIMIT 1",
        controller=tx.of,
        grant=grant,
    )
    return None if row is None else ChoiceId(row["choice"])


def yeses(tx: Transaction, purpose: PurposeId, after: ChoiceId | None, limit: int) -> list[tuple[ChoiceId, CallId]]:
    """To a purpose, in the order of their ids; those whose keys a withdrawal destroyed since are left out."""
    rows = sql.all_rows(
        tx,
        "SELECT c.choice, c.call FROM choices c WHERE c.controller = %(controller)s AND c.purpose = %(purpose)s"
        " AND c.answer = 'granted' AND (%(after)s::uuid IS NULL OR c.choice > %(after)s)"
        " AND NOT EXISTS (SELECT FROM choices w WHERE w.controller = c.controller AND w.party = c.party"
        " AND w.purpose = c.purpose AND w.sequence > c.sequence AND w.outcome = 'destroyed') ORDER BY c.choice LIMIT %(limit)s",
        controller=tx.of,
        purpose=purpose,
        after=after,
        limit=limit,
    )
    return [(ChoiceId(row["choice"]), CallId(row["call"])) for row in rows]


def yeses_of_party(tx: Transaction, party: PartyId) -> list[ChoiceId]:
    rows = sql.all_rows(
        tx,
        "SELECT choice FROM choices WHERE controller = %(controller)s AND party = %(party)s AND answer = 'granted'"
        " ORDER BY choice",
        controller=tx.of,
        party=party,
    )
    return [ChoiceId(row["choice"]) for row in rows]


def told_of_ask(tx: Transaction, ask: AskId) -> tuple[datetime, Told]:
    """When it was asked, and what else was told of it."""
    row = sql.one_row(
        tx,
        "SELECT asked_at, party_language, spoken_from, spoken_until, steps_yes, steps_no FROM asks"
        " WHERE controller = %(controller)s AND ask = %(ask)s",
        controller=tx.of,
        ask=ask,
    )
    told = Told(
        party_language=row["party_language"],
        spoken_from=row["spoken_from"],
        spoken_until=row["spoken_until"],
        steps=_steps(row),
    )
    return row["asked_at"], told


def noes_elsewhere(
    tx: Transaction, subject: SubjectId, purpose: PurposeId, *, call: CallId, since: datetime, before: datetime
) -> Noes:
    """What this person said no to in other calls, and not yes since of their own accord."""
    row = sql.one_row(
        tx,
        "SELECT count(*) AS number, max(c.made_at) AS last_at FROM choices c"
        " JOIN parties p ON p.controller = c.controller AND p.party = c.party"
        " WHERE c.controller = %(controller)s AND p.subject = %(subject)s AND c.purpose = %(purpose)s AND c.call <> %(call)s"
        " AND c.answer <> 'granted' AND c.made_at >= %(since)s AND c.made_at < %(before)s"
        " AND NOT EXISTS (SELECT FROM choices y JOIN parties o ON o.controller = y.controller AND o.party = y.party"
        " JOIN asks a ON a.controller = y.controller AND a.ask = y.ask WHERE y.controller = c.controller"
        " AND y.answer = 'granted' AND y.channel = 'web' AND a.asked_as = 'subject'"
        " AND o.subject = p.subject AND y.purpose = c.purpose AND y.made_at > c.made_at AND y.made_at < %(before)s)",
        controller=tx.of,
        subject=subject,
        purpose=purpose,
        call=call,
        since=since,
        before=before,
    )
    return Noes(count=row["number"], last_at=row["last_at"])


def own_yes(tx: Transaction, subject: SubjectId, purpose: PurposeId) -> datetime | None:
    """When they said yes of their own accord, where that is their latest answer of all."""
    row = sql.maybe_row(
        tx,
        "SELECT y.made_at, (y.answer = 'granted' AND y.channel = 'web' AND a.asked_as = 'subject') IS TRUE AS of_own_accord"
        " FROM choices y"
        " JOIN parties p ON p.controller = y.controller AND p.party = y.party"
        " LEFT JOIN asks a ON a.controller = y.controller AND a.ask = y.ask"
        " WHERE y.controller = %(controller)s AND p.subject = %(subject)s AND y.purpose = %(purpose)s"
        " ORDER BY y.made_at DESC, y.sequence DESC LIMIT 1",
        controller=tx.of,
        subject=subject,
        purpose=purpose,
    )
    return row["made_at"] if row is not None and row["of_own_accord"] else None


def yeses_at_once(tx: Transaction, party: PartyId, purpose: PurposeId, *, since: datetime, until: datetime) -> list[ChoiceId]:
    """The party's yeses to other purposes between these instants."""
    rows = sql.all_rows(
        tx,
        "SELECT choice FROM choices WHERE controller = %(controller)s AND party = %(party)s"
        " AND purpose <> %(purpose)s AND answer = 'granted' AND made_at BETWEEN %(since)s AND %(until)s ORDER BY choice",
        controller=tx.of,
        party=party,
        purpose=purpose,
        since=since,
        until=until,
    )
    return [ChoiceId(row["choice"]) for row in rows]


def insert_judgement(
    tx: Transaction, notice: NoticeId, misread: Sequence[str], *, by: Actor, at: datetime, statement: StatementId
) -> None:
    sql.execute(
        tx,
        "INSERT INTO words_judged (controller, statement, notice, misread, judged_by, judged_as, judged_at) VALUES"
        " (%(controller)s, %(statement)s, %(notice)s, %(misread)s, %(by)s, %(role)s, %(at)s)",
        controller=tx.of,
        statement=statement,
        notice=notice,
        misread=list(misread),
        by=by.id,
        role=by.role.value,
        at=at,
    )


def misread_of(tx: Transaction, notice: NoticeId) -> frozenset[str]:
    """The rules of faults that the DPO judged not to be so in these words."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT unnest(misread) AS rule FROM words_judged WHERE controller = %(controller)s AND notice = %(notice)s",
        controller=tx.of,
        notice=notice,
    )
    return frozenset(str(row["rule"]) for row in rows)


def insert_purpose_finding(
    tx: Transaction, purpose: PurposeId, found: PurposeFinding, *, by: Actor, at: datetime, statement: StatementId
) -> None:
    sql.execute(
        tx,
        "INSERT INTO purpose_findings (controller, purpose, nth, detriment_found, steps_yes, steps_no, told_by, told_as, told_at,"
        " statement) SELECT %(controller)s, %(purpose)s, coalesce(max(nth), 0) + 1, %(detriment_found)s, %(steps_yes)s,"
        " %(steps_no)s, %(told_by)s, %(told_as)s, %(told_at)s, %(statement)s FROM purpose_findings"
        " WHERE controller = %(controller)s AND purpose = %(purpose)s",
        controller=tx.of,
        purpose=purpose,
        detriment_found=found.detriment_found,
        steps_yes=None if found.steps is None else found.steps.yes,
        steps_no=None if found.steps is None else found.steps.no,
        told_by=by.id,
        told_as=by.role.value,
        told_at=at,
        statement=statement,
    )


def lock_findings(tx: Transaction, purpose: PurposeId) -> None:
    """What is told of one purpose is told one after the other: two who tell the same are no conflict, and it is said once."""
    sql.execute(
        tx,
        "SELECT purpose FROM purposes WHERE controller = %(controller)s AND purpose = %(purpose)s FOR NO KEY UPDATE",
        controller=tx.of,
        purpose=purpose,
    )


def purpose_finding(tx: Transaction, purpose: PurposeId) -> PurposeFinding:
    """The newest; nothing found where nobody told anything."""
    row = sql.maybe_row(
        tx,
        "SELECT detriment_found, steps_yes, steps_no FROM purpose_findings"
        " WHERE controller = %(controller)s AND purpose = %(purpose)s ORDER BY nth DESC LIMIT 1",
        controller=tx.of,
        purpose=purpose,
    )
    return PurposeFinding() if row is None else PurposeFinding(detriment_found=row["detriment_found"], steps=_steps(row))


def listed(
    tx: Transaction,
    *,
    quality: Quality | None,
    purpose: PurposeId | None,
    grants: Sequence[GrantId] | None,
    after: ChoiceId | None,
    limit: int,
) -> list[Listed]:
    """Yeses whose newest weighing came out so, to this purpose, on one of these grants; newest first."""
    rows = sql.all_rows(
        tx,
        "SELECT c.call, c.party, c.notice, c.made_at, w.choice, w.nth, w.purpose, w.grant_id, w.quality, w.findings, w.faults,"
        " w.cause, w.weighed_by, w.weighed_as, w.weighed_at, w.statement FROM weighings w"
        " JOIN choices c ON c.controller = w.controller AND c.choice = w.choice"
        " WHERE w.controller = %(controller)s AND (%(quality)s::text IS NULL OR w.quality = %(quality)s)"
        " AND (%(grants)s::uuid[] IS NULL OR w.grant_id = ANY(%(grants)s))"
        " AND (%(purpose)s::uuid IS NULL OR w.purpose = %(purpose)s) AND (%(after)s::uuid IS NULL OR w.choice < %(after)s)"
        " AND NOT EXISTS (SELECT FROM weighings n WHERE n.controller = w.controller AND n.choice = w.choice AND n.nth > w.nth)"
        " ORDER BY w.choice DESC LIMIT %(limit)s",
        controller=tx.of,
        quality=None if quality is None else quality.value,
        grants=None if grants is None else list(grants),
        purpose=purpose,
        after=after,
        limit=limit,
    )
    return [
        Listed(
            choice=ChoiceId(row["choice"]),
            call=CallId(row["call"]),
            party=PartyId(row["party"]),
            purpose=PurposeId(row["purpose"]),
            notice=NoticeId(row["notice"]),
            made_at=row["made_at"],
            weighing=_weighing(row),
        )
        for row in rows
    ]


def tallies(tx: Transaction, since: datetime, quarantined: Sequence[GrantId]) -> list[Tally]:
    """Yeses made since then, by notice: how each came out by its newest weighing, and on which findings."""
    rows = sql.all_rows(
        tx,
        "WITH newest AS (SELECT DISTINCT ON (w.choice) w.choice, w.quality, w.findings, w.grant_id, c.notice FROM weighings w"
        " JOIN choices c ON c.controller = w.controller AND c.choice = w.choice"
        " WHERE w.controller = %(controller)s AND c.made_at >= %(since)s ORDER BY w.choice, w.nth DESC)"
        " SELECT n.purpose, n.notice, n.language, n.version, w.quality, w.findings, count(*) AS number,"
        " count(*) FILTER (WHERE w.grant_id = ANY(%(quarantined)s)) AS quarantined"
        " FROM newest w JOIN notices n ON n.controller = %(controller)s AND n.notice = w.notice"
        " GROUP BY n.purpose, n.notice, n.language, n.version, w.quality, w.findings"
        " ORDER BY n.purpose, n.language, n.version, n.notice",
        controller=tx.of,
        since=since,
        quarantined=list(quarantined),
    )
    by_notice: dict[NoticeId, list[sql.Row]] = {}
    for row in rows:
        by_notice.setdefault(NoticeId(row["notice"]), []).append(row)
    return [_tally(each) for each in by_notice.values()]


def _tally(rows: Sequence[sql.Row]) -> Tally:
    counts: Counter[Quality] = Counter()
    findings: Counter[Finding] = Counter()
    for row in rows:
        counts[Quality(row["quality"])] += row["number"]
        findings.update({Finding(each): row["number"] for each in row["findings"]})
    first = rows[0]
    return Tally(
        purpose=PurposeId(first["purpose"]),
        notice=NoticeId(first["notice"]),
        language=first["language"],
        version=first["version"],
        counts=counts,
        findings=findings,
        quarantined=sum(row["quarantined"] for row in rows),
    )


def _weighing(row: sql.Row) -> Weighing:
    return Weighing(
        choice=ChoiceId(row["choice"]),
        nth=row["nth"],
        purpose=PurposeId(row["purpose"]),
        grant=GrantId(row["grant_id"]),
        weighed=Weighed(
            quality=Quality(row["quality"]),
            findings=tuple(Finding(each) for each in row["findings"]),
            faults=tuple(row["faults"]),
        ),
        cause=Cause(row["cause"]),
        by=Actor(id=row["weighed_by"], role=Role(row["weighed_as"])),
        at=row["weighed_at"],
        statement=StatementId(row["statement"]),
    )


def _steps(row: Mapping[str, int | None]) -> Steps | None:
    yes, no = row["steps_yes"], row["steps_no"]
    return None if yes is None or no is None else Steps(yes=yes, no=no)

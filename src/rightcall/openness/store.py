"""What is counted for everybody, of the tables of the rooms below. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rightcall.consent.model import Answer
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId
from rightcall.requests.model import RequestKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Requests of one kind that came between two moments."""

    received: int
    days: tuple[int, ...]
    late: int


def first_answers(tx: Transaction, since: datetime, until: datetime) -> Mapping[PurposeId, Mapping[Answer, int]]:
    """How many people gave which answer first in that time, by purpose, whatever number of calls they had; and of those whose
    answer was a yes, how many had taken one back by `until`."""
    rows = sql.all_rows(
        tx,
        """
        WITH RECURSIVE up AS (
            SELECT subject, into_subject AS stands FROM joins WHERE controller = %(controller)s AND undone_at IS NULL
             UNION
            SELECT up.subject, j.into_subject FROM up
              JOIN joins j ON j.controller = %(controller)s AND j.subject = up.stands AND j.undone_at IS NULL
        ), joined AS (
            SELECT subject, stands FROM up
             WHERE NOT EXISTS (SELECT FROM joins j
                                WHERE j.controller = %(controller)s AND j.subject = up.stands AND j.undone_at IS NULL)
        ), said AS (
            SELECT c.purpose, c.answer, c.sequence, c.made_at, c.choice, coalesce(joined.stands, p.subject) AS person
              FROM choices c
              JOIN parties p ON p.controller = c.controller AND p.party = c.party
              LEFT JOIN joined ON joined.subject = p.subject
             WHERE c.controller = %(controller)s AND c.made_at >= %(since)s AND c.made_at < %(until)s AND p.role <> 'agent'
        ), firsts AS (
            SELECT DISTINCT ON (purpose, person) purpose, person, answer FROM said
             WHERE sequence = 1 ORDER BY purpose, person, made_at, choice
        ), taken_back AS (
            SELECT DISTINCT purpose, person FROM said WHERE answer = 'withdrawn'
        )
        SELECT purpose, answer, count(*) AS people FROM firsts GROUP BY purpose, answer
         UNION ALL
        SELECT purpose, 'withdrawn', count(*) FROM firsts JOIN taken_back USING (purpose, person)
         WHERE firsts.answer = 'granted' GROUP BY purpose
        """,
        controller=tx.of,
        since=since,
        until=until,
    )
    found: dict[PurposeId, dict[Answer, int]] = {}
    for row in rows:
        found.setdefault(PurposeId(row["purpose"]), {})[Answer(row["answer"])] = row["people"]
    return found


def requests(tx: Transaction, since: datetime, until: datetime) -> Mapping[RequestKind, Asked]:
    """As they stood at `until`. Late: answered after its day, or past it and not answered."""
    rows = sql.all_rows(
        tx,
        "SELECT kind, count(*) AS received,"
        " array_agg((answered_at::date - received_at::date) ORDER BY request) FILTER (WHERE answered_at < %(until)s) AS days,"
        " count(*) FILTER (WHERE due_on < LEAST(coalesce(answered_at, %(until)s), %(until)s)::date) AS late"
        " FROM requests WHERE controller = %(controller)s AND received_at >= %(since)s AND received_at < %(until)s"
        " GROUP BY kind",
        controller=tx.of,
        since=since,
        until=until,
    )
    return {
        RequestKind(row["kind"]): Asked(received=row["received"], days=tuple(row["days"] or ()), late=row["late"]) for row in rows
    }


def disposed(tx: Transaction, since: datetime, until: datetime) -> int:
    """Things whose bytes were deleted, each confirmed."""
    row = sql.one_row(
        tx,
        "SELECT count(*) AS things FROM holdings"
        " WHERE controller = %(controller)s AND disposed_at >= %(since)s AND disposed_at < %(until)s",
        controller=tx.of,
        since=since,
        until=until,
    )
    return int(row["things"])


def erased(tx: Transaction, since: datetime, until: datetime) -> int:
    """People whose erasure was confirmed."""
    row = sql.one_row(
        tx,
        "SELECT count(*) AS people FROM erasures"
        " WHERE controller = %(controller)s AND confirmed_at >= %(since)s AND confirmed_at < %(until)s",
        controller=tx.of,
        since=since,
        until=until,
    )
    return int(row["people"])


def terms_ended(tx: Transaction, since: datetime, until: datetime) -> int:
    """Last days of purposes whose keys were destroyed since the day was over."""
    row = sql.one_row(
        tx,
        "SELECT count(DISTINCT (purpose, last_day)) AS days FROM term_keys"
        " WHERE controller = %(controller)s AND ended_at >= %(since)s AND ended_at < %(until)s AND ended_at::date > last_day",
        controller=tx.of,
        since=since,
        until=until,
    )
    return int(row["days"])

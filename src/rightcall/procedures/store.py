"""The living workers, who does which housekeeping, and the progress of what follows the ledger; what is told of procedures, of
what needs a person, and of schedules."""

from collections.abc import Collection
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import both_ways
from rightcall.ids import ControllerId
from rightcall.procedures.model import Escalation, Outcome, Reached, Reason, Run, Standing, Started, State, Told, Wish


def beat(tx: Transaction, executor: str) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO workers (executor, seen_at) VALUES (%(executor)s, now())
        ON CONFLICT (executor) DO UPDATE SET seen_at = excluded.seen_at
        """,
        executor=executor,
    )


def living(tx: Transaction, seconds: float) -> set[str]:
    rows = sql.all_rows(
        tx, "SELECT executor FROM workers WHERE seen_at > now() - make_interval(secs => %(seconds)s)", seconds=seconds
    )
    return {row["executor"] for row in rows}


def remove_worker(tx: Transaction, executor: str) -> None:
    sql.execute(tx, "DELETE FROM workers WHERE executor = %(executor)s", executor=executor)


def claim(tx: Transaction, name: str) -> bool:
    row = sql.maybe_row(tx, "SELECT name FROM housekeeping WHERE name = %(name)s FOR UPDATE SKIP LOCKED", name=name)
    return row is not None


def progress(tx: Transaction, name: str) -> int:
    """The next ledger index to look at, locked until this transaction ends."""
    sql.execute(
        tx,
        "INSERT INTO reaction_progress (name, next_index) VALUES (%(name)s, 0) ON CONFLICT (name) DO NOTHING",
        name=name,
    )
    row = sql.one_row(tx, "SELECT next_index FROM reaction_progress WHERE name = %(name)s FOR UPDATE", name=name)
    return int(row["next_index"])


def advance(tx: Transaction, name: str, next_index: int) -> None:
    sql.execute(
        tx,
        "UPDATE reaction_progress SET next_index = %(next_index)s WHERE name = %(name)s",
        name=name,
        next_index=next_index,
    )


# What is told of procedures


def begun(tx: Transaction, started: Started, worker: str) -> None:
    """Again is another attempt."""
    sql.execute(
        tx,
        """
        INSERT INTO procedures AS p (controller, procedure, name, about, state, worker, attempts, begun_at, changed_at)
        VALUES (%(controller)s, %(id)s, %(name)s, %(about)s, 'running', %(worker)s, 1, now(), now())
        ON CONFLICT (controller, procedure) DO UPDATE
           SET state = 'running', worker = excluded.worker, attempts = p.attempts + 1, changed_at = now(), step = NULL,
               trouble = NULL, next_at = NULL, done = NULL, total = NULL
        """,
        controller=started.controller,
        id=started.id,
        name=started.name,
        about=started.about,
        worker=worker,
    )


def stands(tx: Transaction, id: str, state: State, *, step: str | None, trouble: str | None, seconds: float | None) -> None:
    """One that waits on says so since when it began to wait."""
    sql.execute(
        tx,
        """
        UPDATE procedures
           SET changed_at = CASE WHEN state = 'waiting' AND %(state)s = 'waiting' THEN changed_at ELSE now() END,
               state = %(state)s, step = %(step)s, trouble = %(trouble)s,
               next_at = now() + make_interval(secs => %(seconds)s::double precision)
         WHERE procedure = %(id)s
        """,
        id=id,
        state=state.value,
        step=step,
        trouble=trouble,
        seconds=seconds,
    )


def reached(tx: Transaction, id: str, told: Reached) -> None:
    sql.execute(
        tx,
        "UPDATE procedures SET done = %(done)s, total = %(total)s WHERE procedure = %(id)s",
        id=id,
        done=told.done,
        total=told.of,
    )


_TOLD = both_ways("""
SELECT controller, procedure, name, about, state, worker, attempts, begun_at, changed_at, step, trouble, next_at, wish,
       done, total
  FROM procedures
 WHERE controller = %(controller)s AND state = ANY (%(states)s)
   AND (%(after)s::text IS NULL OR (begun_at, procedure) {beyond}
        (SELECT b.begun_at, b.procedure FROM procedures b
          WHERE b.controller = %(controller)s AND b.procedure = %(after)s))
 ORDER BY begun_at {way}, procedure {way} LIMIT %(limit)s
""")


def told(tx: Transaction, states: Collection[State], after: str | None, limit: int, *, oldest_first: bool = True) -> list[Told]:
    """Of this controller, by when they began, from behind `after`."""
    statement, values = _TOLD[oldest_first], [state.value for state in states]
    return [_told(row) for row in sql.all_rows(tx, statement, controller=tx.of, states=values, after=after, limit=limit)]


def one(tx: Transaction, id: str) -> Told | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT controller, procedure, name, about, state, worker, attempts, begun_at, changed_at, step, trouble, next_at, wish,
       done, total
          FROM procedures WHERE controller = %(controller)s AND procedure = %(id)s
        """,
        controller=tx.of,
        id=id,
    )
    return None if row is None else _told(row)


def wish(tx: Transaction, id: str, wish: Wish) -> None:
    sql.execute(
        tx,
        "UPDATE procedures SET wish = %(wish)s WHERE controller = %(controller)s AND procedure = %(id)s",
        controller=tx.of,
        id=id,
        wish=wish.value,
    )


def take_wishes(tx: Transaction) -> list[tuple[str, Wish]]:
    """Each once, whoever takes it."""
    rows = sql.all_rows(
        tx,
        """
        WITH wished AS (SELECT controller, procedure, wish FROM procedures WHERE wish IS NOT NULL FOR UPDATE SKIP LOCKED)
        UPDATE procedures p SET wish = NULL FROM wished w
         WHERE p.controller = w.controller AND p.procedure = w.procedure
        RETURNING p.procedure, w.wish
        """,
    )
    return [(row["procedure"], Wish(row["wish"])) for row in rows]


def open_for(tx: Transaction, seconds: float, limit: int) -> list[Told]:
    """Of all controllers, those said to be open of which nothing was told for so long."""
    rows = sql.all_rows(
        tx,
        """
        SELECT controller, procedure, name, about, state, worker, attempts, begun_at, changed_at, step, trouble, next_at, wish,
       done, total
          FROM procedures
         WHERE state IN ('running', 'waiting', 'failed') AND changed_at < now() - make_interval(secs => %(seconds)s)
         ORDER BY changed_at LIMIT %(limit)s
        """,
        seconds=seconds,
        limit=limit,
    )
    return [_told(row) for row in rows]


def standing(tx: Transaction) -> dict[State, Standing]:
    """Of all controllers where the transaction is the system's."""
    rows = sql.all_rows(
        tx,
        """
        SELECT state, count(*) AS number, min(begun_at) AS oldest_at FROM procedures
         WHERE state IN ('running', 'waiting', 'failed') GROUP BY state
        """,
    )
    return {State(row["state"]): Standing(number=row["number"], oldest_at=row["oldest_at"]) for row in rows}


def waiting_for(tx: Transaction) -> set[str]:
    """The classes of the errors that procedures wait for the end of."""
    rows = sql.all_rows(tx, "SELECT DISTINCT trouble FROM procedures WHERE state = 'waiting' AND trouble IS NOT NULL")
    return {row["trouble"] for row in rows}


def cancelled(tx: Transaction) -> set[str]:
    return {row["procedure"] for row in sql.all_rows(tx, "SELECT procedure FROM procedures WHERE state = 'cancelled'")}


def prune(tx: Transaction, before: datetime, limit: int) -> list[str]:
    """Those that ended before that are forgotten: which."""
    rows = sql.all_rows(
        tx,
        """
        WITH over AS (
            SELECT controller, procedure FROM procedures
             WHERE state IN ('done', 'cancelled') AND changed_at < %(before)s ORDER BY changed_at LIMIT %(limit)s)
        DELETE FROM procedures p USING over o WHERE p.controller = o.controller AND p.procedure = o.procedure
        RETURNING p.procedure
        """,
        before=before,
        limit=limit,
    )
    return [row["procedure"] for row in rows]


def _told(row: sql.Row) -> Told:
    return Told(
        controller=ControllerId(row["controller"]),
        id=row["procedure"],
        name=row["name"],
        about=row["about"],
        state=State(row["state"]),
        worker=row["worker"],
        attempts=row["attempts"],
        begun_at=row["begun_at"],
        changed_at=row["changed_at"],
        step=row["step"],
        trouble=row["trouble"],
        next_at=row["next_at"],
        wish=None if row["wish"] is None else Wish(row["wish"]),
        done=row["done"],
        of=row["total"],
    )


# What needs a person, and when what ran


def escalate(tx: Transaction, controller: ControllerId, reason: Reason, number: int) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO escalations (controller, reason, number, since) VALUES (%(controller)s, %(reason)s, %(number)s, now())
        ON CONFLICT (controller, reason) DO UPDATE SET number = excluded.number
        """,
        controller=controller,
        reason=reason.value,
        number=number,
    )


def settle(tx: Transaction, controller: ControllerId, reason: Reason) -> None:
    sql.execute(
        tx,
        "DELETE FROM escalations WHERE controller = %(controller)s AND reason = %(reason)s",
        controller=controller,
        reason=reason.value,
    )


def escalations(tx: Transaction) -> list[Escalation]:
    """The most pressing first; of all controllers where the transaction is the system's."""
    rows = sql.all_rows(tx, "SELECT reason, sum(number) AS number, min(since) AS since FROM escalations GROUP BY reason")
    found = [Escalation(reason=Reason(row["reason"]), number=int(row["number"]), since=row["since"]) for row in rows]
    return sorted(found, key=lambda each: list(Reason).index(each.reason))


def ran(tx: Transaction, schedule: str, *, seconds: float, trouble: str | None, did: int) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO schedule_runs AS r (schedule, ran_at, seconds, outcome, trouble, did, did_at)
        VALUES (%(schedule)s, now(), %(seconds)s, CASE WHEN %(trouble)s::text IS NULL THEN 'done' ELSE 'failed' END, %(trouble)s,
                %(did)s, CASE WHEN %(did)s > 0 THEN now() END)
        ON CONFLICT (schedule) DO UPDATE
           SET ran_at = excluded.ran_at, seconds = excluded.seconds, outcome = excluded.outcome, trouble = excluded.trouble,
               did = excluded.did, did_at = coalesce(excluded.did_at, r.did_at)
        """,
        schedule=schedule,
        seconds=seconds,
        trouble=trouble,
        did=did,
    )


def runs(tx: Transaction) -> dict[str, Run]:
    rows = sql.all_rows(tx, "SELECT schedule, ran_at, seconds, outcome, trouble, did, did_at FROM schedule_runs")
    return {
        row["schedule"]: Run(
            ran_at=row["ran_at"],
            seconds=row["seconds"],
            outcome=Outcome(row["outcome"]),
            trouble=row["trouble"],
            did=row["did"],
            did_at=row["did_at"],
        )
        for row in rows
    }

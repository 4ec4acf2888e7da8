"""The tables `parity_…`, which only grow."""

from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ethics.model import Account, Estimate, Explanation, Flag, FlagId, LookId, Measure, Strata
from rightcall.ids import ConcernId, PurposeId, StatementId


def insert_look(tx: Transaction, look: LookId, *, at: datetime, until: datetime) -> bool:
    """False where it was begun before."""
    begun = sql.execute(
        tx,
        """
        INSERT INTO parity_looks (controller, look, looked_at, until) VALUES (%(controller)s, %(look)s, %(at)s, %(until)s)
        ON CONFLICT (controller, look) DO NOTHING
        """,
        controller=tx.of,
        look=look,
        at=at,
        until=until,
    )
    return begun == 1


def times_of_look(tx: Transaction, look: LookId) -> tuple[datetime, datetime]:
    """When it was made, and up to when it goes."""
    row = sql.one_row(
        tx,
        "SELECT looked_at, until FROM parity_looks WHERE controller = %(controller)s AND look = %(look)s",
        controller=tx.of,
        look=look,
    )
    return row["looked_at"], row["until"]


def last_look(tx: Transaction) -> tuple[datetime, datetime] | None:
    """When the last one was made, and up to when it goes."""
    row = sql.maybe_row(
        tx,
        "SELECT looked_at, until FROM parity_looks WHERE controller = %(controller)s ORDER BY looked_at DESC LIMIT 1",
        controller=tx.of,
    )
    return None if row is None else (row["looked_at"], row["until"])


def insert_account(tx: Transaction, look: LookId, account: Account) -> bool:
    """False where this look's calls were added before."""
    added = sql.execute(
        tx,
        """
        INSERT INTO parity_accounts (controller, purpose, measure, look, began_at, until, looks, noes, yeses, score, information,
                                     evidence, highest, effect, error, strata)
        VALUES (%(controller)s, %(purpose)s, %(measure)s, %(look)s, %(began_at)s, %(until)s, %(looks)s, %(noes)s, %(yeses)s,
                %(score)s, %(information)s, %(evidence)s, %(highest)s, %(effect)s, %(error)s, %(strata)s)
        ON CONFLICT (controller, purpose, measure, until) DO NOTHING
        """,
        controller=tx.of,
        purpose=account.purpose,
        measure=account.measure.value,
        look=look,
        began_at=account.began_at,
        until=account.until,
        looks=account.looks,
        noes=account.noes,
        yeses=account.yeses,
        score=account.score,
        information=account.information,
        evidence=account.evidence,
        highest=account.highest,
        effect=account.effect,
        error=account.error,
        strata=account.strata.value,
    )
    return added == 1


def accounts(tx: Transaction) -> list[Account]:
    """As each stands now."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT ON (purpose, measure) purpose, measure, began_at, until, looks, noes, yeses, score, information,
               evidence, highest, effect, error, strata
          FROM parity_accounts WHERE controller = %(controller)s ORDER BY purpose, measure, until DESC
        """,
        controller=tx.of,
    )
    return [_account(row) for row in rows]


def lock_accounts(tx: Transaction) -> None:
    """One look at a time weighs. Nobody who writes about a purpose waits for it."""
    sql.all_rows(
        tx,
        """
        SELECT purpose FROM purposes
         WHERE controller = %(controller)s AND purpose IN (SELECT purpose FROM parity_accounts WHERE controller = %(controller)s)
         ORDER BY purpose FOR NO KEY UPDATE
        """,
        controller=tx.of,
    )


def insert_flag(tx: Transaction, flag: Flag) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO parity_flags (controller, flag, purpose, measure, look, effect, low, high, noes, yeses, flagged_at, concern,
                                  statement, strata)
        VALUES (%(controller)s, %(flag)s, %(purpose)s, %(measure)s, %(look)s, %(effect)s, %(low)s, %(high)s, %(noes)s, %(yeses)s,
                %(at)s, %(concern)s, %(statement)s, %(strata)s)
        """,
        controller=tx.of,
        flag=flag.id,
        purpose=flag.purpose,
        measure=flag.measure.value,
        look=flag.look,
        effect=flag.effect.value,
        low=flag.effect.low,
        high=flag.effect.high,
        noes=flag.noes,
        yeses=flag.yeses,
        at=flag.flagged_at,
        concern=flag.concern,
        statement=flag.statement,
        strata=flag.strata.value,
    )


def flagged_purposes(tx: Transaction) -> list[PurposeId]:
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT purpose FROM parity_flags f
         WHERE f.controller = %(controller)s AND NOT EXISTS (
               SELECT FROM parity_liftings l WHERE l.controller = f.controller AND l.flag = f.flag)
        """,
        controller=tx.of,
    )
    return [PurposeId(row["purpose"]) for row in rows]


def untried_purposes(tx: Transaction) -> list[PurposeId]:
    """Those with a standing flag that nobody has answered, or whose latest answer's trial is over."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT purpose FROM parity_flags f
         WHERE f.controller = %(controller)s
           AND NOT EXISTS (SELECT FROM parity_liftings l WHERE l.controller = f.controller AND l.flag = f.flag)
           AND NOT EXISTS (
               SELECT FROM parity_answers a
                WHERE a.controller = f.controller AND a.flag = f.flag
                  AND NOT EXISTS (SELECT FROM parity_lapses p WHERE p.controller = a.controller AND p.flag = a.flag
                                     AND p.answered_at >= a.answered_at))
        """,
        controller=tx.of,
    )
    return [PurposeId(row["purpose"]) for row in rows]


def flags(tx: Transaction) -> list[Flag]:
    """All there ever were, the oldest first, each with its latest answer."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.flag, f.purpose, f.measure, f.look, f.effect, f.low, f.high, f.noes, f.yeses, f.flagged_at, f.concern,
               f.statement, f.strata, a.explanation, a.answered_by, a.answered_as, a.answered_at, p.lapsed_at, l.lifted_at,
               (SELECT count(*) FROM parity_answers WHERE controller = f.controller AND flag = f.flag) AS answers
          FROM parity_flags f
          LEFT JOIN LATERAL (SELECT explanation, answered_by, answered_as, answered_at FROM parity_answers
                              WHERE controller = f.controller AND flag = f.flag ORDER BY answered_at DESC LIMIT 1) a ON true
          LEFT JOIN parity_lapses p ON p.controller = f.controller AND p.flag = f.flag AND p.answered_at = a.answered_at
          LEFT JOIN parity_liftings l ON l.controller = f.controller AND l.flag = f.flag
         WHERE f.controller = %(controller)s ORDER BY f.flagged_at, f.flag
        """,
        controller=tx.of,
    )
    return [_flag(row) for row in rows]


def insert_answer(
    tx: Transaction, flag: FlagId, explanation: Explanation, *, by: Actor, at: datetime, statement: StatementId
) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO parity_answers (controller, flag, explanation, answered_by, answered_as, answered_at, statement)
        VALUES (%(controller)s, %(flag)s, %(explanation)s, %(by)s, %(role)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        flag=flag,
        explanation=explanation.value,
        by=by.id,
        role=by.role.value,
        at=at,
        statement=statement,
    )


def insert_lapse(tx: Transaction, flag: Flag, look: LookId, *, at: datetime, statement: StatementId) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO parity_lapses (controller, flag, answered_at, look, lapsed_at, statement)
        VALUES (%(controller)s, %(flag)s, %(answered_at)s, %(look)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        flag=flag.id,
        answered_at=flag.answered_at,
        look=look,
        at=at,
        statement=statement,
    )


def insert_lifting(tx: Transaction, flag: Flag, look: LookId, *, at: datetime, statement: StatementId) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO parity_liftings (controller, flag, look, answered_at, lifted_at, statement)
        VALUES (%(controller)s, %(flag)s, %(look)s, %(answered_at)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        flag=flag.id,
        look=look,
        answered_at=flag.answered_at,
        at=at,
        statement=statement,
    )


def _account(row: sql.Row) -> Account:
    return Account(
        purpose=PurposeId(row["purpose"]),
        measure=Measure(row["measure"]),
        began_at=row["began_at"],
        until=row["until"],
        looks=row["looks"],
        noes=row["noes"],
        yeses=row["yeses"],
        score=row["score"],
        information=row["information"],
        evidence=row["evidence"],
        highest=row["highest"],
        effect=row["effect"],
        error=row["error"],
        strata=Strata(row["strata"]),
    )


def _flag(row: sql.Row) -> Flag:
    by = None if row["answered_by"] is None else Actor(id=row["answered_by"], role=Role(row["answered_as"]))
    return Flag(
        id=FlagId(row["flag"]),
        purpose=PurposeId(row["purpose"]),
        measure=Measure(row["measure"]),
        look=LookId(row["look"]),
        effect=Estimate(value=row["effect"], low=row["low"], high=row["high"]),
        noes=row["noes"],
        yeses=row["yeses"],
        flagged_at=row["flagged_at"],
        concern=ConcernId(row["concern"]),
        answer=None if row["explanation"] is None else Explanation(row["explanation"]),
        answered_by=by,
        answered_at=row["answered_at"],
        lapsed_at=row["lapsed_at"],
        lifted_at=row["lifted_at"],
        statement=StatementId(row["statement"]),
        strata=Strata(row["strata"]),
        answers=row["answers"],
    )

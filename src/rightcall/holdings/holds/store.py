"""The tables `holds`, `held_slices` and `holds_told`: what keeps something longer than its locks, and who was told of it."""

from collections.abc import Sequence
from datetime import date, datetime

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, execute_many, maybe_row, one_row
from rightcall.holdings.categories import Category
from rightcall.holdings.holds.model import Held, Hold, HoldName, HoldReason, Law, Longer, Slice, Span, Untold, Word
from rightcall.ids import HoldId, HoldingId, SubjectId


def insert(tx: Transaction, hold: Hold) -> bool:
    """False where the name is taken."""
    inserted = execute(
        tx,
        """
        INSERT INTO holds (controller, hold, name, reason, law, untold, owner, owner_role, placed_at, until, agree_by, statement,
                           verdict)
        VALUES (%(controller)s, %(hold)s, %(name)s, %(reason)s, %(law)s, %(untold)s, %(owner)s, %(owner_role)s, %(placed_at)s,
                %(until)s, %(agree_by)s, %(statement)s, %(verdict)s)
        ON CONFLICT (controller, name) DO NOTHING
        """,
        controller=tx.of,
        hold=hold.id,
        name=hold.name.text,
        reason=hold.reason.value,
        law=None if hold.law is None else hold.law.text,
        untold=None if hold.untold is None else hold.untold.value,
        owner=hold.owner.id,
        owner_role=hold.owner.role.value,
        placed_at=hold.placed_at,
        until=hold.until,
        agree_by=hold.agree_by,
        statement=hold.statement,
        verdict=hold.verdict,
    )
    if inserted == 0:
        return False
    execute_many(
        tx,
        """
        INSERT INTO held_slices (controller, hold, holding, purpose, take, from_ms, until_ms)
        VALUES (%(controller)s, %(hold)s, %(holding)s, %(purpose)s, %(take)s, %(from_ms)s, %(until_ms)s)
        """,
        [_row(tx, hold.id, each) for each in hold.slices],
    )
    return True


def lift(tx: Transaction, hold: HoldId, at: datetime, *, over_on: date | None = None) -> int:
    """With `over_on`, only if its last day lies before that day, or the day until which another had to agree."""
    return execute(
        tx,
        """
        UPDATE holds
           SET lifted_at = %(at)s
         WHERE controller = %(controller)s AND hold = %(hold)s AND lifted_at IS NULL
           AND (%(over_on)s::date IS NULL OR until < %(over_on)s OR (agreed_at IS NULL AND agree_by < %(over_on)s))
        """,
        controller=tx.of,
        hold=hold,
        at=at,
        over_on=over_on,
    )


def agree(tx: Transaction, hold: HoldId, word: Word, law: Law | None) -> None:
    """`law`: where it has none yet."""
    execute(
        tx,
        """
        UPDATE holds
           SET agreed_at = %(at)s, agreed_by = %(by)s, agreed_role = %(role)s, law = coalesce(law, %(law)s)
         WHERE controller = %(controller)s AND hold = %(hold)s AND lifted_at IS NULL AND agreed_at IS NULL
        """,
        controller=tx.of,
        hold=hold,
        at=word.at,
        by=word.by.id,
        role=word.by.role.value,
        law=None if law is None else law.text,
    )


def ask_longer(tx: Transaction, hold: HoldId, longer: Longer) -> None:
    """In place of what was asked before and nobody agreed to."""
    execute(
        tx,
        """
        UPDATE holds
           SET longer_until = %(until)s, longer_by = %(by)s, longer_role = %(role)s
         WHERE controller = %(controller)s AND hold = %(hold)s AND lifted_at IS NULL
        """,
        controller=tx.of,
        hold=hold,
        until=longer.until,
        by=longer.by.id,
        role=longer.by.role.value,
    )


def prolong(tx: Transaction, hold: HoldId) -> None:
    """Until the day that was asked for."""
    execute(
        tx,
        """
        UPDATE holds
           SET until = longer_until, longer_until = NULL, longer_by = NULL, longer_role = NULL
         WHERE controller = %(controller)s AND hold = %(hold)s AND lifted_at IS NULL AND longer_until > until
        """,
        controller=tx.of,
        hold=hold,
    )


def over(tx: Transaction, on: date) -> list[HoldId]:
    """Those not lifted whose last day lies before `on`, or on which nobody agreed before it."""
    rows = all_rows(
        tx,
        """
        SELECT hold
          FROM holds
         WHERE controller = %(controller)s AND lifted_at IS NULL
           AND (until < %(on)s OR (agreed_at IS NULL AND agree_by < %(on)s))
         ORDER BY until, hold
        """,
        controller=tx.of,
        on=on,
    )
    return [HoldId(row["hold"]) for row in rows]


def by_id(tx: Transaction, hold: HoldId) -> Hold | None:
    row = maybe_row(
        tx,
        """
        SELECT hold, name, reason, law, untold, owner, owner_role, placed_at, until, agree_by, agreed_at, agreed_by, agreed_role,
               longer_until, longer_by, longer_role, statement, verdict, lifted_at, holdings, purposes,
               takes, froms, untils
          FROM holds_with_slices
         WHERE controller = %(controller)s AND hold = %(hold)s
        """,
        controller=tx.of,
        hold=hold,
    )
    return None if row is None else _hold(row)


def by_name(tx: Transaction, name: str) -> HoldId | None:
    row = maybe_row(
        tx, "SELECT hold FROM holds WHERE controller = %(controller)s AND name = %(name)s", controller=tx.of, name=name
    )
    return None if row is None else HoldId(row["hold"])


def standing(tx: Transaction, holdings: Sequence[HoldingId] | None) -> list[Hold]:
    """Those not lifted; of these holdings, or all."""
    rows = all_rows(
        tx,
        """
        SELECT hold, name, reason, law, untold, owner, owner_role, placed_at, until, agree_by, agreed_at, agreed_by, agreed_role,
               longer_until, longer_by, longer_role, statement, verdict, lifted_at, holdings, purposes,
               takes, froms, untils
          FROM holds_with_slices
         WHERE controller = %(controller)s AND lifted_at IS NULL
           AND (%(holdings)s::uuid[] IS NULL OR hold IN (
                SELECT hold FROM held_slices WHERE controller = %(controller)s AND holding = ANY (%(holdings)s)))
         ORDER BY until, hold
        """,
        controller=tx.of,
        holdings=None if holdings is None else list(holdings),
    )
    return [_hold(row) for row in rows]


def held_among(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those of these that a hold keeps which was not lifted."""
    rows = all_rows(
        tx,
        """
        SELECT s.holding
          FROM holds h JOIN held_slices s USING (controller, hold)
         WHERE h.controller = %(controller)s AND h.lifted_at IS NULL AND s.holding = ANY (%(holdings)s::uuid[])
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return {row["holding"] for row in rows}


def named_among(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those of these that any hold ever named, lifted or not."""
    rows = all_rows(
        tx,
        "SELECT DISTINCT holding FROM held_slices WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])",
        controller=tx.of,
        holdings=list(holdings),
    )
    return {row["holding"] for row in rows}


def placed_on(tx: Transaction, holding: HoldingId) -> list[HoldId]:
    """Every hold that was ever placed on it, lifted or not."""
    rows = all_rows(
        tx,
        """
        SELECT DISTINCT hold
          FROM held_slices
         WHERE controller = %(controller)s AND holding = %(holding)s
         ORDER BY hold
        """,
        controller=tx.of,
        holding=holding,
    )
    return [HoldId(row["hold"]) for row in rows]


def held_between(tx: Transaction, first: date | None, last: date) -> list[Held]:
    """What of ours is held and there, and has the end of its terms or that of its last hold from `first` (None: from ever) to
    `last`."""
    rows = all_rows(
        tx,
        """
        SELECT holding, category, kept_until, ends_on
          FROM (SELECT s.holding, g.category, g.kept_until,
                       max(CASE WHEN h.agreed_at IS NULL THEN least(h.until, h.agree_by) ELSE h.until END) AS ends_on
                  FROM holds h
                  JOIN held_slices s USING (controller, hold)
                  JOIN holdings g USING (controller, holding)
                 WHERE h.controller = %(controller)s AND h.lifted_at IS NULL AND g.system IS NULL AND g.disposed_at IS NULL
                 GROUP BY s.holding, g.category, g.kept_until) AS held
         WHERE kept_until BETWEEN coalesce(%(first)s::date, '-infinity') AND %(last)s
            OR ends_on BETWEEN coalesce(%(first)s::date, '-infinity') AND %(last)s
         ORDER BY holding
        """,
        controller=tx.of,
        first=first,
        last=last,
    )
    return [
        Held(holding=row["holding"], category=Category(row["category"]), kept_until=row["kept_until"], ends_on=row["ends_on"])
        for row in rows
    ]


def about(tx: Transaction, hold: HoldId) -> list[SubjectId]:
    """Every subject of whom it keeps something."""
    rows = all_rows(
        tx,
        """
        SELECT DISTINCT h.subject
          FROM held_slices s
          JOIN holdings h USING (controller, holding)
         WHERE s.controller = %(controller)s AND s.hold = %(hold)s
         ORDER BY h.subject
        """,
        controller=tx.of,
        hold=hold,
    )
    return [SubjectId(row["subject"]) for row in rows]


def told(tx: Transaction, hold: HoldId) -> dict[SubjectId, datetime]:
    """Who was told of it, the latest first."""
    rows = all_rows(
        tx,
        """
        SELECT subject, told_at FROM holds_told
         WHERE controller = %(controller)s AND hold = %(hold)s
         ORDER BY told_at DESC, subject
        """,
        controller=tx.of,
        hold=hold,
    )
    return {SubjectId(row["subject"]): row["told_at"] for row in rows}


def was_told(tx: Transaction, hold: HoldId, subject: SubjectId, word: Word) -> bool:
    """False where they were told before."""
    return (
        execute(
            tx,
            """
            INSERT INTO holds_told (controller, hold, subject, told_at, told_by, told_role)
            VALUES (%(controller)s, %(hold)s, %(subject)s, %(at)s, %(by)s, %(role)s)
            ON CONFLICT (controller, hold, subject) DO NOTHING
            """,
            controller=tx.of,
            hold=hold,
            subject=subject,
            at=word.at,
            by=word.by.id,
            role=word.by.role.value,
        )
        == 1
    )


def waiting(tx: Transaction, today: date, soon: date) -> tuple[int, int, list[HoldId]]:
    """On how many somebody has to agree, how many end soon, and those of which a subject was not told."""
    row = one_row(
        tx,
        """
        SELECT count(*) FILTER (WHERE agreed_at IS NULL OR longer_until IS NOT NULL) AS to_agree,
               count(*) FILTER (WHERE agreed_at IS NOT NULL AND until <= %(soon)s) AS ending,
               ARRAY(SELECT DISTINCT s.hold
                       FROM holds u
                       JOIN held_slices s USING (controller, hold)
                       JOIN holdings g USING (controller, holding)
                      WHERE u.controller = %(controller)s AND u.lifted_at IS NULL AND u.agreed_at IS NOT NULL
                        AND u.until >= %(today)s AND u.untold IS NULL
                        AND NOT EXISTS (SELECT FROM holds_told t
                                         WHERE t.controller = s.controller AND t.hold = s.hold
                                           AND t.subject = g.subject)) AS untold
          FROM holds
         WHERE controller = %(controller)s AND lifted_at IS NULL AND until >= %(today)s
        """,
        controller=tx.of,
        today=today,
        soon=soon,
    )
    return row["to_agree"], row["ending"], [HoldId(each) for each in row["untold"]]


def _row(tx: Transaction, hold: HoldId, slice: Slice) -> dict[str, object]:
    span = slice.span
    return {
        "controller": tx.of,
        "hold": hold,
        "holding": slice.holding,
        "purpose": slice.purpose,
        "take": None if span is None else span.take,
        "from_ms": None if span is None else span.from_ms,
        "until_ms": None if span is None else span.until_ms,
    }


def _hold(row: Row) -> Hold:
    return Hold(
        id=HoldId(row["hold"]),
        name=HoldName(text=row["name"]),
        reason=HoldReason(row["reason"]),
        law=None if row["law"] is None else Law(text=row["law"]),
        untold=None if row["untold"] is None else Untold(row["untold"]),
        owner=Actor(id=row["owner"], role=Role(row["owner_role"])),
        placed_at=row["placed_at"],
        until=row["until"],
        agree_by=row["agree_by"],
        agreed=_word(row),
        longer=_longer(row),
        slices=tuple(
            Slice(
                holding=holding,
                purpose=purpose,
                span=None if take is None else Span(take=HoldingId(take), from_ms=from_ms, until_ms=until_ms),
            )
            for holding, purpose, take, from_ms, until_ms in zip(
                row["holdings"], row["purposes"], row["takes"], row["froms"], row["untils"], strict=True
            )
        ),
        lifted_at=row["lifted_at"],
        statement=row["statement"],
        verdict=row["verdict"],
    )


def _word(row: Row) -> Word | None:
    if row["agreed_at"] is None:
        return None
    return Word(by=Actor(id=row["agreed_by"], role=Role(row["agreed_role"])), at=row["agreed_at"])


def _longer(row: Row) -> Longer | None:
    if row["longer_until"] is None:
        return None
    return Longer(until=row["longer_until"], by=Actor(id=row["longer_by"], role=Role(row["longer_role"])))

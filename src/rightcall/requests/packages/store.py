"""The tables `packages` and `package_parts`."""

import json
from dataclasses import asdict
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ControllerId, RequestId
from rightcall.requests.packages.model import Entry, Package, PackageId, Part, Phase, State


def insert(tx: Transaction, package: Package) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO packages (controller, package, request, subject, state, phase, sealed_key, asked_at, until)
        VALUES (%(controller)s, %(package)s, %(request)s, %(subject)s, %(state)s, %(phase)s, %(sealed_key)s, %(asked_at)s,
                %(until)s)
        """,
        controller=tx.of,
        package=package.id,
        request=package.request,
        subject=package.subject,
        state=package.state.value,
        phase=package.phase.value,
        sealed_key=package.sealed_key,
        asked_at=package.asked_at,
        until=package.until,
    )


def package(tx: Transaction, package: PackageId) -> Package | None:
    """Held until the transaction ends."""
    row = sql.maybe_row(
        tx,
        """
        SELECT package, request, subject, state, phase, cursor, sealed_key, asked_at, until, made_at, handed_at, tries, opened_at,
               taken_at, gone_at
          FROM packages WHERE controller = %(controller)s AND package = %(package)s FOR UPDATE
        """,
        controller=tx.of,
        package=package,
    )
    return None if row is None else _package(row)


def newest(tx: Transaction, request: RequestId) -> Package | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT package, request, subject, state, phase, cursor, sealed_key, asked_at, until, made_at, handed_at, tries, opened_at,
               taken_at, gone_at
          FROM packages WHERE controller = %(controller)s AND request = %(request)s ORDER BY package DESC LIMIT 1
        """,
        controller=tx.of,
        request=request,
    )
    return None if row is None else _package(row)


def by_link(system_tx: Transaction, link: bytes) -> tuple[ControllerId, PackageId] | None:
    row = sql.maybe_row(system_tx, "SELECT controller, package FROM packages WHERE link = %(link)s", link=link)
    return None if row is None else (ControllerId(row["controller"]), PackageId(row["package"]))


def over(tx: Transaction, now: datetime, opened_before: datetime) -> list[PackageId]:
    """Those whose time is over, those that were taken or opened and may go on being taken no longer, and those of requests that
    were not fulfilled."""
    rows = sql.all_rows(
        tx,
        """
        SELECT p.package FROM packages p JOIN requests r ON r.controller = p.controller AND r.request = p.request
         WHERE p.controller = %(controller)s AND p.state <> 'gone'
           AND (p.until <= %(now)s OR p.opened_at <= %(opened_before)s OR r.outcome IN ('denied', 'revoked'))
         ORDER BY p.package
        """,
        controller=tx.of,
        now=now,
        opened_before=opened_before,
    )
    return [PackageId(row["package"]) for row in rows]


def left_behind(tx: Transaction) -> list[PackageId]:
    """Let go, and their bytes are not confirmed gone."""
    rows = sql.all_rows(
        tx,
        "SELECT package FROM packages WHERE controller = %(controller)s AND state = 'gone' AND gone_at IS NULL ORDER BY package",
        controller=tx.of,
    )
    return [PackageId(row["package"]) for row in rows]


def count_waiting(tx: Transaction) -> int:
    row = sql.one_row(
        tx, "SELECT count(*) AS waiting FROM packages WHERE controller = %(controller)s AND state = 'waiting'", controller=tx.of
    )
    return int(row["waiting"])


def at_processors(tx: Transaction) -> list[Package]:
    """Those that wait for what processors answer."""
    rows = sql.all_rows(
        tx,
        """
        SELECT package, request, subject, state, phase, cursor, sealed_key, asked_at, until, made_at, handed_at, tries, opened_at,
               taken_at, gone_at
        FROM packages WHERE controller = %(controller)s AND state = 'making' AND phase = 'processors' ORDER BY asked_at
        """,
        controller=tx.of,
    )
    return [_package(row) for row in rows]


def go_on(tx: Transaction, package: PackageId, state: State, phase: Phase, cursor: str | None) -> None:
    sql.execute(
        tx,
        "UPDATE packages SET state = %(state)s, phase = %(phase)s, cursor = %(cursor)s"
        " WHERE controller = %(controller)s AND package = %(package)s",
        controller=tx.of,
        package=package,
        state=state.value,
        phase=phase.value,
        cursor=cursor,
    )


def set_made(tx: Transaction, package: PackageId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE packages SET state = 'ready', made_at = %(at)s WHERE controller = %(controller)s AND package = %(package)s",
        controller=tx.of,
        package=package,
        at=at,
    )


def set_handed(tx: Transaction, package: PackageId, *, sealed_key: bytes, link: bytes, at: datetime, until: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE packages SET state = 'handed', sealed_key = %(sealed_key)s, link = %(link)s, handed_at = %(at)s, until = %(until)s
         WHERE controller = %(controller)s AND package = %(package)s
        """,
        controller=tx.of,
        package=package,
        sealed_key=sealed_key,
        link=link,
        at=at,
        until=until,
    )


def add_try(tx: Transaction, package: PackageId) -> None:
    sql.execute(
        tx,
        "UPDATE packages SET tries = tries + 1 WHERE controller = %(controller)s AND package = %(package)s",
        controller=tx.of,
        package=package,
    )


def set_opened(tx: Transaction, package: PackageId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE packages SET opened_at = coalesce(opened_at, %(at)s) WHERE controller = %(controller)s AND package = %(package)s",
        controller=tx.of,
        package=package,
        at=at,
    )


def add_sent(tx: Transaction, package: PackageId, sent: int) -> int:
    """How many bytes went out with these."""
    row = sql.one_row(
        tx,
        "UPDATE packages SET sent = sent + %(sent)s WHERE controller = %(controller)s AND package = %(package)s RETURNING sent",
        controller=tx.of,
        package=package,
        sent=sent,
    )
    return int(row["sent"])


def set_taken(tx: Transaction, package: PackageId, at: datetime) -> bool:
    """Whether this is the first time."""
    return (
        sql.execute(
            tx,
            "UPDATE packages SET taken_at = %(at)s"
            " WHERE controller = %(controller)s AND package = %(package)s AND taken_at IS NULL",
            controller=tx.of,
            package=package,
            at=at,
        )
        == 1
    )


def set_let_go(tx: Transaction, package: PackageId) -> None:
    sql.execute(
        tx,
        "UPDATE packages SET state = 'gone', sealed_key = NULL, cursor = NULL"
        " WHERE controller = %(controller)s AND package = %(package)s",
        controller=tx.of,
        package=package,
    )


def set_gone(tx: Transaction, package: PackageId, at: datetime) -> None:
    """The bytes are confirmed gone, and what was told of them goes too."""
    sql.execute(
        tx,
        "DELETE FROM package_things WHERE controller = %(controller)s AND package = %(package)s",
        controller=tx.of,
        package=package,
    )
    sql.execute(
        tx,
        "DELETE FROM package_parts WHERE controller = %(controller)s AND package = %(package)s",
        controller=tx.of,
        package=package,
    )
    sql.execute(
        tx,
        "UPDATE packages SET gone_at = %(at)s WHERE controller = %(controller)s AND package = %(package)s",
        controller=tx.of,
        package=package,
        at=at,
    )


def insert_part(tx: Transaction, package: PackageId, part: Part) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO package_parts (controller, package, part, object, sealed_length, plain_length, entries)
        VALUES (%(controller)s, %(package)s, %(part)s, %(object)s, %(sealed_length)s, %(plain_length)s,
                %(entries)s::jsonb)
        """,
        controller=tx.of,
        package=package,
        part=part.number,
        object=part.object,
        sealed_length=part.sealed_length,
        plain_length=part.plain_length,
        entries=json.dumps([asdict(each) for each in part.entries]),
    )


def next_part(tx: Transaction, package: PackageId) -> int:
    row = sql.one_row(
        tx,
        "SELECT coalesce(max(part) + 1, 0) AS next FROM package_parts"
        " WHERE controller = %(controller)s AND package = %(package)s",
        controller=tx.of,
        package=package,
    )
    return int(row["next"])


def parts(tx: Transaction, package: PackageId) -> list[Part]:
    """In their order, without their entries."""
    rows = sql.all_rows(
        tx,
        "SELECT part, object, sealed_length, plain_length FROM package_parts"
        " WHERE controller = %(controller)s AND package = %(package)s ORDER BY part",
        controller=tx.of,
        package=package,
    )
    return [
        Part(number=row["part"], object=row["object"], sealed_length=row["sealed_length"], plain_length=row["plain_length"])
        for row in rows
    ]


def entries(tx: Transaction, package: PackageId, part: int) -> list[Entry]:
    row = sql.one_row(
        tx,
        "SELECT entries FROM package_parts WHERE controller = %(controller)s AND package = %(package)s AND part = %(part)s",
        controller=tx.of,
        package=package,
        part=part,
    )
    return [Entry(**each) for each in row["entries"]]


def _package(row: sql.Row) -> Package:
    return Package(
        id=PackageId(row["package"]),
        request=row["request"],
        subject=row["subject"],
        state=State(row["state"]),
        phase=Phase(row["phase"]),
        cursor=row["cursor"],
        sealed_key=None if row["sealed_key"] is None else bytes(row["sealed_key"]),
        asked_at=row["asked_at"],
        until=row["until"],
        made_at=row["made_at"],
        handed_at=row["handed_at"],
        tries=row["tries"],
        opened_at=row["opened_at"],
        taken_at=row["taken_at"],
        gone_at=row["gone_at"],
    )

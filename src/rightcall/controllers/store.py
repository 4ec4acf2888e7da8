"""The table `controllers`. The application reads its own row; only the deployment itself makes and changes them."""

from datetime import datetime

from rightcall.controllers.model import REMEMBERED, Controller, NewController
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ControllerId


def insert(tx: Transaction, id: ControllerId, new: NewController, at: datetime) -> None:
    sql.execute(
        tx,
        "INSERT INTO controllers (controller, name, address, contact, jurisdictions, created_at, zone, language, remember_days,"
        " on_record_days)"
        " VALUES (%(controller)s, %(name)s, %(address)s, %(contact)s, %(jurisdictions)s, %(at)s, %(zone)s, %(language)s,"
        " %(remember_days)s, %(remember_days)s)",
        controller=id,
        name=new.name,
        address=new.address,
        contact=new.contact,
        jurisdictions=list(new.jurisdictions),
        at=at,
        zone=new.zone,
        language=new.language,
        remember_days=REMEMBERED,
    )


def set_zone(tx: Transaction, id: ControllerId, zone: str) -> None:
    sql.execute(tx, "UPDATE controllers SET zone = %(zone)s WHERE controller = %(controller)s", controller=id, zone=zone)


def set_language(tx: Transaction, id: ControllerId, language: str) -> None:
    sql.execute(
        tx,
        "UPDATE controllers SET language = %(language)s WHERE controller = %(controller)s",
        controller=id,
        language=language,
    )


def set_remembering(tx: Transaction, id: ControllerId, days: int) -> None:
    sql.execute(tx, "UPDATE controllers SET remember_days = %(days)s WHERE controller = %(controller)s", controller=id, days=days)


def set_on_record(tx: Transaction, id: ControllerId, days: int) -> None:
    statement = "UPDATE controllers SET on_record_days = %(days)s WHERE controller = %(controller)s"
    sql.execute(tx, statement, controller=id, days=days)


def by_id(tx: Transaction, id: ControllerId) -> Controller | None:
    row = sql.maybe_row(
        tx,
        "SELECT controller, name, address, contact, jurisdictions, created_at, zone, language, remember_days,"
        " on_record_days FROM controllers WHERE controller = %(controller)s",
        controller=id,
    )
    return None if row is None else _controller(row)


def all_ids(tx: Transaction) -> list[ControllerId]:
    rows = sql.all_rows(tx, "SELECT controller FROM controllers ORDER BY controller")
    return [ControllerId(row["controller"]) for row in rows]


def _controller(row: sql.Row) -> Controller:
    return Controller(
        id=ControllerId(row["controller"]),
        name=row["name"],
        address=row["address"],
        contact=row["contact"],
        jurisdictions=tuple(row["jurisdictions"]),
        created_at=row["created_at"],
        zone=row["zone"],
        language=row["language"],
        remember_days=row["remember_days"],
        on_record_days=row["on_record_days"],
    )

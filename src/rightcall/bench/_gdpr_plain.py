"""The same without privacy: the same columns and indexes in plain tables, owned by whoever asks, the bytes in the clear in the
same store. No row security, no locks, no verdicts, no ledger and no log of uses; the same commits.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg

from rightcall.bench._gdpr_kept import PAGE, Record, put
from rightcall.clock import Clock, day_of
from rightcall.ids import ControllerId, HoldingId, SubjectId, new_id
from rightcall.wiring import House

_TABLES = ("subjects", "identifiers", "calls", "parties", "holdings", "holding_uses")


class Plain:
    def __init__(self, house: House, folder: Path, controller: ControllerId, clock: Clock) -> None:
        self._house = house
        self._folder = folder
        self._controller = controller
        self._clock = clock
        self._objects = house.settings.data / "objects"
        self._connection = psycopg.connect(house.database.url)
        for table in _TABLES:
            self._do(f"CREATE TABLE plain_{table} (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES)")
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()

    def add_person(self, subject: SubjectId, email: str) -> None:
        self._do(
            "INSERT INTO plain_subjects (controller, subject, ambiguous, created_at)"
            " VALUES (%(controller)s, %(subject)s, false, %(at)s)",
            subject=subject,
            at=self._clock.now(),
        )
        self._insert_email(subject, email)
        self._connection.commit()

    # Controller

    def create(self, new: Record) -> bool:
        at, party = self._clock.now(), new_id()
        told = {"call": new.call, "party": party, "subject": new.subject, "at": at}
        self._do(_NEW_CALL, **told)
        self._do(_NEW_PARTY, **told)
        holding = {"holding": new.id, "purpose": new.purpose, "day": new.last_day, "key": self._key(new.id)}
        self._do(_NEW_HOLDING, statement=new_id(), **told, **holding)
        self._connection.commit()
        put(self._house, self._folder, self._key(new.id), new.value)
        self._do(_COMPLETE, holding=new.id, at=at, length=len(new.value))
        self._connection.commit()
        return True

    def delete_by_key(self, record: Record) -> int:
        return self._delete("holding = %(holding)s", holding=record.id)

    def delete_by_purpose(self, records: list[Record]) -> int:
        [subject], [purpose] = {each.subject for each in records}, {each.purpose for each in records}
        return self._delete("subject = %(subject)s AND purposes @> ARRAY[%(purpose)s::uuid]", subject=subject, purpose=purpose)

    def delete_by_term(self) -> int:
        return self._delete("kept_until < %(today)s AND disposed_at IS NULL AND system IS NULL", today=day_of(self._clock.now()))

    def delete_by_user(self, subject: SubjectId) -> int:
        self._do("DELETE FROM plain_identifiers WHERE controller = %(controller)s AND subject = %(subject)s", subject=subject)
        self._do("DELETE FROM plain_subjects WHERE controller = %(controller)s AND subject = %(subject)s", subject=subject)
        return self._delete("subject = %(subject)s", subject=subject)

    def shorten(self, record: Record, day: date) -> bool:
        sql = "UPDATE plain_holdings SET last_days = ARRAY[%(day)s::date], kept_until = %(day)s"
        done = self._do(f"{sql} WHERE controller = %(controller)s AND holding = %(holding)s", holding=record.id, day=day)
        self._connection.commit()
        return done.rowcount == 1

    # Customer

    def restrict(self, subject: SubjectId) -> bool:
        return self._restrict(subject, self._clock.now())

    def lift(self, subject: SubjectId) -> bool:
        return self._restrict(subject, None)

    def add_email(self, subject: SubjectId, email: str) -> bool:
        self._insert_email(subject, email)
        self._connection.commit()
        return True

    def read_own_data(self, subject: SubjectId) -> dict[HoldingId, bytes]:
        return self._read("subject = %(subject)s", subject=subject)

    def metadata(self, subject: SubjectId) -> dict[HoldingId, date]:
        rows = self._do(
            "SELECT * FROM plain_holdings WHERE controller = %(controller)s AND subject = %(subject)s"
            " ORDER BY made_at DESC, holding DESC",
            subject=subject,
        )
        names = [column.name for column in rows.description or ()]
        holding, days = names.index("holding"), names.index("last_days")
        found = {row[holding]: row[days][0] for row in rows.fetchall()}
        self._connection.commit()
        return found

    # Processor

    def read_by_key(self, record: Record) -> dict[HoldingId, bytes]:
        return self._read(f"holding = %(holding)s AND {_UNRESTRICTED}", holding=record.id)

    def read_by_purpose(self, wanted: Iterable[HoldingId]) -> dict[HoldingId, bytes]:
        return self._read(f"holding = ANY(%(holdings)s) AND {_UNRESTRICTED}", holdings=list(wanted))

    def read_by_user(self, subject: SubjectId) -> dict[HoldingId, bytes]:
        return self._read(f"subject = %(subject)s AND {_UNRESTRICTED}", subject=subject)

    # Regulator

    def copy_logs(self) -> None:
        """It writes none, so it is given those of the other side: what is compared is reading them."""
        self._do("INSERT INTO plain_holding_uses SELECT * FROM holding_uses")
        self._do("ANALYZE plain_holding_uses")
        self._connection.commit()

    def logs(self, subject: SubjectId) -> list[datetime]:
        sql = "SELECT * FROM plain_holding_uses WHERE controller = %(controller)s AND subject = %(subject)s"
        rows = self._do(f"{sql} ORDER BY used_at DESC, statement DESC LIMIT %(page)s", subject=subject, page=PAGE)
        at = [column.name for column in rows.description or ()].index("used_at")
        found = [row[at] for row in rows.fetchall()]
        self._connection.commit()
        return found

    def is_gone(self, record: Record) -> bool:
        sql = "SELECT object_key FROM plain_holdings WHERE controller = %(controller)s AND holding = %(holding)s"
        found = self._do(sql, holding=record.id).fetchone()
        self._connection.commit()
        return found is None and not (self._objects / self._key(record.id)).exists()

    def _insert_email(self, subject: SubjectId, email: str) -> None:
        self._do(
            "INSERT INTO plain_identifiers (controller, blind, subject, kind, sealed, created_at)"
            " VALUES (%(controller)s, %(email)s, %(subject)s, 'email', %(email)s, %(at)s)",
            subject=subject,
            email=email.encode(),
            at=self._clock.now(),
        )

    def _restrict(self, subject: SubjectId, at: datetime | None) -> bool:
        sql = "UPDATE plain_subjects SET restricted_at = %(at)s WHERE controller = %(controller)s AND subject = %(subject)s"
        done = self._do(sql, subject=subject, at=at)
        self._connection.commit()
        return done.rowcount == 1

    def _delete(self, which: str, **values: object) -> int:
        sql = f"DELETE FROM plain_holdings WHERE controller = %(controller)s AND {which} RETURNING object_key"  # noqa: S608 - our own words
        gone = self._do(sql, **values).fetchall()
        self._connection.commit()
        for (key,) in gone:
            (self._objects / key).unlink()
        return len(gone)

    def _read(self, which: str, **values: object) -> dict[HoldingId, bytes]:
        sql = f"SELECT holding, object_key, sealed_length FROM plain_holdings h WHERE h.controller = %(controller)s AND {which}"  # noqa: S608 - our own words
        found = self._do(sql, **values).fetchall()
        self._connection.commit()
        return {holding: self._house.objects.get_range(key, 0, length) for holding, key, length in found}

    def _key(self, holding: HoldingId) -> str:
        return f"plain/{holding}"

    def _do(self, sql: str, **values: object) -> psycopg.Cursor[tuple[Any, ...]]:
        return self._connection.execute(sql, {"controller": self._controller, **values})


_UNRESTRICTED = (
    "EXISTS (SELECT FROM plain_subjects s WHERE s.controller = h.controller AND s.subject = h.subject"
    " AND s.restricted_at IS NULL AND s.objected_at IS NULL)"
)
_NEW_CALL = "INSERT INTO plain_calls (controller, call, started_at) VALUES (%(controller)s, %(call)s, %(at)s)"
_NEW_PARTY = """
INSERT INTO plain_parties (controller, party, call, subject, role, joined_at)
VALUES (%(controller)s, %(party)s, %(call)s, %(subject)s, 'customer', %(at)s)
"""
_NEW_HOLDING = """
INSERT INTO plain_holdings (controller, holding, subject, kind, call, purposes, last_days, kept_until, made_at, mediatype, source,
                            generation, basis, actor, actor_role, object_key, statement, category, sensitivity)
VALUES (%(controller)s, %(holding)s, %(subject)s, 'transcript', %(call)s, ARRAY[%(purpose)s::uuid], ARRAY[%(day)s::date],
        %(day)s, %(at)s, 'text/plain', 'api', 0, 'consent', '00000000-0000-0000-0000-000000000000', 'system', %(key)s,
        %(statement)s, 'pd:VoiceCommunicationRecording', 'ordinary')
"""
_COMPLETE = """
UPDATE plain_holdings SET completed_at = %(at)s, sealed_length = %(length)s, complete = true
 WHERE controller = %(controller)s AND holding = %(holding)s
"""

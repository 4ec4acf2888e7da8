"""The table `passkeys`."""

from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row
from rightcall.ids import ControllerId, MemberId, PasskeyId
from rightcall.staff.passkeys.model import Credential, Passkey


def insert(tx: Transaction, passkey: Passkey, sealed_label: bytes) -> None:
    execute(
        tx,
        "INSERT INTO passkeys (controller, passkey, member, credential, public_key, sign_count, sealed_label, added_at)"
        " VALUES (%(controller)s, %(passkey)s, %(member)s, %(credential)s, %(public_key)s, %(sign_count)s, %(label)s, %(at)s)",
        controller=tx.of,
        passkey=passkey.id,
        member=passkey.member,
        credential=passkey.credential.id,
        public_key=passkey.credential.public_key,
        sign_count=passkey.credential.sign_count,
        label=sealed_label,
        at=passkey.added_at,
    )


def whose(system_tx: Transaction, credential: bytes) -> ControllerId | None:
    row = maybe_row(system_tx, "SELECT controller FROM passkeys WHERE credential = %(credential)s", credential=credential)
    return None if row is None else ControllerId(row["controller"])


def hold(tx: Transaction, credential: bytes) -> Passkey | None:
    """Nobody else signs in with it until the transaction ends."""
    row = maybe_row(
        tx,
        "SELECT passkey, member, credential, public_key, sign_count, added_at, used_at FROM passkeys"
        " WHERE controller = %(controller)s AND credential = %(credential)s FOR UPDATE",
        controller=tx.of,
        credential=credential,
    )
    return None if row is None else _passkey(row)


def of_member(tx: Transaction, member: MemberId) -> list[tuple[Passkey, bytes]]:
    """Each with its sealed label, oldest first."""
    rows = all_rows(
        tx,
        "SELECT passkey, member, credential, public_key, sign_count, added_at, used_at, sealed_label FROM passkeys"
        " WHERE controller = %(controller)s AND member = %(member)s ORDER BY passkey",
        controller=tx.of,
        member=member,
    )
    return [(_passkey(row), bytes(row["sealed_label"])) for row in rows]


def counts(tx: Transaction) -> dict[MemberId, int]:
    rows = all_rows(
        tx,
        "SELECT member, count(*) AS n FROM passkeys WHERE controller = %(controller)s GROUP BY member",
        controller=tx.of,
    )
    return {MemberId(row["member"]): int(row["n"]) for row in rows}


def set_used(tx: Transaction, passkey: PasskeyId, sign_count: int, at: datetime) -> None:
    execute(
        tx,
        "UPDATE passkeys SET sign_count = %(sign_count)s, used_at = %(at)s"
        " WHERE controller = %(controller)s AND passkey = %(passkey)s",
        controller=tx.of,
        passkey=passkey,
        sign_count=sign_count,
        at=at,
    )


def delete(tx: Transaction, passkey: PasskeyId) -> None:
    execute(
        tx,
        "DELETE FROM passkeys WHERE controller = %(controller)s AND passkey = %(passkey)s",
        controller=tx.of,
        passkey=passkey,
    )


def _passkey(row: Row) -> Passkey:
    return Passkey(
        id=PasskeyId(row["passkey"]),
        member=MemberId(row["member"]),
        credential=Credential(
            id=bytes(row["credential"]), public_key=bytes(row["public_key"]), sign_count=int(row["sign_count"])
        ),
        added_at=row["added_at"],
        used_at=row["used_at"],
    )

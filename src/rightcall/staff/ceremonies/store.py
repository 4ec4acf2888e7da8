"""The table `ceremonies`: before anybody knows whose they are, so of no controller."""

from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.database.sql import execute, maybe_row
from rightcall.staff.ceremonies.model import Ceremony, Kind


def insert(system_tx: Transaction, name: bytes, browser: bytes, ceremony: Ceremony) -> None:
    execute(
        system_tx,
        "INSERT INTO ceremonies (ceremony, kind, browser, challenge, verifier, expires_at)"
        " VALUES (%(name)s, %(kind)s, %(browser)s, %(challenge)s, %(verifier)s, %(expires_at)s)",
        name=name,
        kind=ceremony.kind.value,
        browser=browser,
        challenge=ceremony.challenge,
        verifier=ceremony.verifier,
        expires_at=ceremony.expires_at,
    )


def take(system_tx: Transaction, name: bytes, browser: bytes, kind: Kind) -> Ceremony | None:
    """Once: it is gone with this."""
    row = maybe_row(
        system_tx,
        "DELETE FROM ceremonies WHERE ceremony = %(name)s AND browser = %(browser)s AND kind = %(kind)s"
        " RETURNING kind, challenge, verifier, expires_at",
        name=name,
        browser=browser,
        kind=kind.value,
    )
    if row is None:
        return None
    return Ceremony(
        kind=Kind(row["kind"]), challenge=bytes(row["challenge"]), verifier=row["verifier"], expires_at=row["expires_at"]
    )


def delete_over(system_tx: Transaction, at: datetime) -> int:
    return execute(system_tx, "DELETE FROM ceremonies WHERE expires_at <= %(at)s", at=at)

"""Where a command works that somebody signed in to: in one transaction of their token's controller."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rightcall.cli.home import house_of
from rightcall.cli.signed_in import SignedIn, signed_in
from rightcall.database.connection import Transaction
from rightcall.settings import load_settings
from rightcall.staff.model import Deed
from rightcall.wiring import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a command has at hand."""

    house: House
    who: SignedIn
    tx: Transaction


@contextmanager
def let_in(data: Path | None, token: str, controller: str | None, deed: Deed) -> Iterator[tuple[House, SignedIn]]:
    """Outside of any transaction. NotSignedIn, NotAllowed where the token does not open this deed."""
    with house_of(load_settings(data=data)) as house:
        yield house, signed_in(house.database, house.clock, token, deed, controller)


@contextmanager
def desk(data: Path | None, token: str, controller: str | None, deed: Deed) -> Iterator[Desk]:
    """The same, in one transaction."""
    with let_in(data, token, controller, deed) as (house, who), house.database.transaction(who.controller) as tx:
        yield Desk(house=house, who=who, tx=tx)

"""Two scans that end together follow up what they found one after the other: nothing is linked twice, and neither fails."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import psycopg

from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import Died, FakeSource, site_of
from tests.journeys.deployment import eventually
from tests.procedures.fakes import InlineSteps


class AtTheEnd:
    """A clock that is read when what was linked is written, and stands still there."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock, self.is_there, self.go_on = clock, threading.Event(), threading.Event()

    def now(self) -> datetime:
        self.is_there.set()
        assert self.go_on.wait(30)
        return self._clock.at


class UntilLinked(InlineSteps):
    """Steps of a worker that dies before it links."""

    def run(self, name, deed):  # type: ignore[no-untyped-def]  # as InlineSteps
        if name == "link":
            raise Died
        return super().run(name, deed)


def waits(database: Database) -> bool:
    """Whether somebody waits for what another holds."""
    with psycopg.connect(database.url) as connection:
        row = connection.execute("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
    return row is not None


def test_what_is_linked_just_now_is_not_linked_again(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    with database.transaction(controller) as tx:
        subjects.identify(tx, vault, clock, [normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK")])
    rows = (("number", "phone", "email"), ("KD-204711", ADA_TEL, ADA_EMAIL))
    site = site_of(database, controller, vault, clock, FakeSource({"customers": rows}))
    scan, held = site.start(), AtTheEnd(clock)
    with contextlib.suppress(Died):
        site.run(scan, UntilLinked())
    one = replace(site.scanning, clock=held)
    with ThreadPoolExecutor(2) as both:
        first = both.submit(one._link, controller, None)
        assert held.is_there.wait(30)
        second = both.submit(site.scanning._link, controller, None)
        eventually(lambda: second.done() or waits(database), 30.0, "the second has done it, or waits")
        held.go_on.set()
        assert first.exception(30) is None
        assert second.exception(30) is None

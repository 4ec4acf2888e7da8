"""Many calls of one controller, put straight into the database: who answered what, and how each went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import psycopg
from psycopg.sql import SQL, Identifier, Placeholder

from rightcall.database.connection import Database
from rightcall.ethics.model import Bar, Measure
from rightcall.ethics.procedure import Recounter
from rightcall.ids import CallId, ControllerId, PurposeId, SubjectId, new_id
from rightcall.purposes import actions as purposes
from rightcall.subjects.actions import identify
from rightcall.vault.actions import Vault
from tests.cast import MONDAY
from tests.conftest import FixedClock
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO, TRAINING


@dataclass(kw_only=True)
class Line:
    """A contact centre's line: one purpose, and people who call."""

    database: Database
    url: str
    controller: ControllerId
    vault: Vault
    clock: FixedClock
    purpose: PurposeId
    caller: SubjectId
    only: SubjectId | None = None
    """Who makes every call; somebody else each where None."""
    made: list[CallId] = field(default_factory=list)

    def call(self, answer: str | None, at: datetime, **outcome: object) -> CallId:
        (made,) = self.calls([(answer, at, outcome)])
        return made

    def calls(self, told: Sequence[tuple[str | None, datetime, Mapping[str, object]]]) -> list[CallId]:
        """Each lasts five minutes; what is told of it is taken down as it ends."""
        ids = [CallId(new_id()) for _ in told]
        with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for id, (answer, at, outcome) in zip(ids, told, strict=True):
                self._insert(cursor, id, answer, at, outcome)
        self.made += ids
        return ids

    def _insert(
        self, cursor: psycopg.Cursor, id: CallId, answer: str | None, at: datetime, outcome: Mapping[str, object]
    ) -> None:
        ends, party = at + timedelta(minutes=5), new_id()
        cursor.execute(
            "INSERT INTO calls (controller, call, started_at, ended_at) VALUES (%s, %s, %s, %s)",
            (self.controller, id, at, ends),
        )
        cursor.execute(
            "INSERT INTO parties (controller, party, call, subject, role, joined_at, left_at)"
            " VALUES (%s, %s, %s, %s, 'customer', %s, %s)",
            (self.controller, party, id, self.only or new_id(), at, ends),
        )
        if answer is not None:
            cursor.execute(
                "INSERT INTO choices (controller, choice, party, call, subject, purpose, sequence, answer, channel, made_by,"
                " made_as, evidence_kind, grant_id, outcome, ask, notice, notice_digest, language, sealed_evidence,"
                " evidence_commitment, subject_commitment, made_at, written_at, statement)"
                " VALUES (%(controller)s, %(choice)s, %(party)s, %(call)s, %(subject)s, %(purpose)s, %(sequence)s, %(answer)s,"
                " 'voice_heard_by_agent', %(by)s, 'agent', 'words_heard', %(grant)s, %(outcome)s, %(ask)s, %(notice)s,"
                " '\\x00', 'en', '\\x00', %(hash)s, %(hash)s, %(at)s, %(at)s, %(statement)s)",
                {
                    "controller": self.controller,
                    "choice": new_id(),
                    "party": party,
                    "call": id,
                    "subject": self.caller,
                    "purpose": self.purpose,
                    "sequence": 2 if answer == "withdrawn" else 1,
                    "answer": answer,
                    "by": new_id(),
                    "grant": None if answer == "refused" else new_id(),
                    "outcome": {"granted": "opened", "withdrawn": "destroyed", "refused": None}[answer],
                    "ask": new_id(),
                    "notice": self.purpose,
                    "hash": bytes(32),
                    "at": at + timedelta(minutes=1),
                    "statement": new_id(),
                },
            )
        if outcome:
            row = {"controller": self.controller, "call": id, "taken_at": ends, "reported_at": ends}
            row |= {"resolved": "unknown", "ended_by": "unknown"}
            row |= {f"{measure.value}_known_at": ends for measure in Measure} | dict(outcome)
            names, places = SQL(", ").join(map(Identifier, row)), SQL(", ").join(map(Placeholder, row))
            cursor.execute(SQL("INSERT INTO call_outcomes ({}) VALUES ({})").format(names, places), row)

    def week(self, monday: datetime, *, noes: int, yeses: int, longer: float = 1.0, seed: int = 1) -> None:
        """A week's calls: those with a no wait `longer` times as long."""
        chance = np.random.default_rng(seed)
        told = []
        for number in range(noes + yeses):
            is_no = number < noes
            waits = chance.lognormal(3.5, 1.0) * (longer if is_no else 1.0)
            outcome = {
                "waited_seconds": int(waits),
                "handled_seconds": int(chance.lognormal(5.3, 0.6)),
                "transfers": int(chance.poisson(0.3)),
                "resolved": "yes" if chance.random() < 0.8 else "no",
                "ended_by": "us" if chance.random() < 0.3 else "caller",
                "queue": "billing" if chance.random() < 0.6 else "sales",
            }
            at = monday + timedelta(minutes=float(chance.uniform(0, 7 * 24 * 60 - 10)))
            told.append(("refused" if is_no else "granted", at, outcome))
        self.calls(told)


KEPT = timedelta(days=91)


def recounted(line: Line, *, bar: Bar | None = None, kept: timedelta = KEPT) -> None:
    """What parity shows is counted anew, as the worker does it."""
    Recounter(database=line.database, clock=line.clock, bar=bar or Bar(), kept=kept)(InlineSteps(), str(line.controller))


def open_line(database: Database, url: str, controller: ControllerId, vault: Vault, clock: FixedClock) -> Line:
    clock.at = MONDAY
    with database.transaction(controller) as tx:
        purpose = purposes.create_purpose(tx, clock, TRAINING, by=DPO).id
        caller = identify(tx, vault, clock, [])
    return Line(
        database=database,
        url=url,
        controller=controller,
        vault=vault,
        clock=clock,
        purpose=purpose,
        caller=caller,
    )

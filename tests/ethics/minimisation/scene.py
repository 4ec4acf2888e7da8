"""Many takes of one purpose, put straight on the map, and read at the ages that a test wants."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.database.connection import Transaction
from rightcall.ethics.minimisation import actions
from rightcall.ethics.minimisation.model import Figures, Proposal
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import FieldName, Ground, NewUse, UseAct
from rightcall.ids import HoldingId, StatementId, SubjectId, SystemId, new_id
from rightcall.ledger import actions as ledger
from rightcall.purposes.model import Purpose
from rightcall.purposes.statements import PurposeEnded
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock

SUPERVISOR = Actor(id=new_id(), role=Role.SUPERVISOR)


@dataclass(kw_only=True)
class Archive:
    """`begun_at`: when what is kept first was made."""

    tx: Transaction
    clock: FixedClock
    purpose: Purpose
    subject: SubjectId
    begun_at: datetime
    statement: StatementId
    kept: list[HoldingId] = field(default_factory=list)

    def keep(
        self,
        count: int,
        *,
        category: str = "pd:VoiceCommunicationRecording",
        system: SystemId | None = None,
        name: str | None = None,
    ) -> list[HoldingId]:
        made = [HoldingId(new_id()) for _ in range(count)]
        self.tx.connection.execute(
            "INSERT INTO holdings (controller, holding, subject, kind, purposes, last_days, kept_until, made_at, mediatype,"
            " source, generation, basis, actor, actor_role, object_key, statement, category, sensitivity, system, field)"
            " SELECT %(controller)s, id, %(subject)s, %(kind)s, ARRAY[%(purpose)s::uuid], ARRAY[%(last)s::date], %(last)s,"
            " %(at)s, 'audio/x-wav', 'api', 0, 'consent', %(by)s, 'system', '', %(statement)s, %(category)s, 'ordinary',"
            " %(system)s, %(field)s FROM unnest(%(ids)s::uuid[]) AS id",
            {
                "controller": self.tx.of,
                "subject": self.subject,
                "kind": "stream" if system is None else "field",
                "purpose": self.purpose.id,
                "last": (self.clock.at + timedelta(days=self.purpose.term_days)).date(),
                "at": self.clock.at,
                "by": SYSTEM.id,
                "statement": self.statement,
                "category": category,
                "system": system,
                "field": name,
                "ids": made,
            },
        )
        self.kept += made
        return made

    def read(self, holdings: Sequence[HoldingId], *, on_day: int, ground: Ground = Ground.PURPOSE, name: str = "sound") -> None:
        """So many days after the first was made."""
        self.clock.at = self.begun_at + timedelta(days=on_day, hours=1)
        uses.record(
            self.tx,
            self.clock,
            [
                NewUse(
                    subject=self.subject,
                    holding=holding,
                    purpose=self.purpose.id,
                    by=SUPERVISOR,
                    act=UseAct.READ,
                    verdict=None,
                    ground=ground,
                    fields=(FieldName(text=name),),
                )
                for holding in holdings
            ],
        )

    def look(self, *, on_day: int) -> Figures:
        self.clock.at = max(self.clock.at, self.begun_at + timedelta(days=on_day))
        found = actions.look(self.tx, self.clock, self.purpose.id, unread_days=60)
        assert found is not None
        return found

    def proposals(self) -> list[Proposal]:
        return actions.proposals(self.tx)


def archive(tx: Transaction, vault: Vault, clock: FixedClock, purpose: Purpose) -> Archive:
    said = PurposeEnded(at=clock.at, controller=tx.of, purpose=purpose.id, actor=SYSTEM.id, role=SYSTEM.role)
    return Archive(
        tx=tx,
        clock=clock,
        purpose=purpose,
        subject=subjects.identify(tx, vault, clock, []),
        begun_at=clock.at,
        statement=ledger.append(tx, said),
    )

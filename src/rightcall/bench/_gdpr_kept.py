"""What GDPRbench asks of a store of personal data, done by the product's own deeds, each as a face composes them.

A record is what one person said in one call: kept for one purpose, on the yes given in that call, under both locks.
"""

import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from rightcall.actors import SYSTEM, Actor, PartyRole, Role
from rightcall.bench._company import COMPANY, TRAINING
from rightcall.bench._estate import Clock
from rightcall.bench.review import review
from rightcall.calls import actions as calls
from rightcall.canonical import sha256
from rightcall.clock import day_of
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Evidence, EvidenceKind, NewChoice
from rightcall.consent.standing import standing_in
from rightcall.controllers.actions import create
from rightcall.database.connection import Transaction
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.procedure import Eraser
from rightcall.errors import NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import Holding, HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.holdings.rules import ids_root
from rightcall.holdings.together import key_of
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import UseAct
from rightcall.ids import CallId, ControllerId, ErasureId, HoldingId, NoticeId, PartyId, PurposeId, RequestId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewNotice
from rightcall.recordings.tools import Tools
from rightcall.recordings.using import Wanted, ask
from rightcall.requests import actions as requests
from rightcall.requests import limiting
from rightcall.requests.model import RequestKind
from rightcall.retention import actions as retention
from rightcall.retention.statements import TermsShortened
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, Lock
from rightcall.vault.sealing import SealedReader, Sealer, content_context
from rightcall.wiring import House

TERM_DAYS = 90
PAGE = 10
"""How many records are read where a whole purpose is asked for, and how many lines of a log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What both sides keep."""

    id: HoldingId
    call: CallId
    subject: SubjectId
    purpose: PurposeId
    last_day: date
    value: bytes


class Kept:
    """The product."""

    def __init__(self, house: House, folder: Path) -> None:
        self.clock = Clock()
        self._house = house
        self._folder = folder
        self._vault = Vault(house.keys, self.clock)
        self._tools = Tools(vault=self._vault, clock=self.clock, rules=house.rules)
        self._disposer = Disposer(database=house.database, vault=self._vault, objects=house.objects, clock=self.clock)
        self._eraser = Eraser(disposer=self._disposer, tools=self._tools, gates=house.gates, epoch_days=house.settings.epoch_days)
        with house.database.system() as tx:
            self.controller: ControllerId = create(tx, self.clock, COMPANY).id
        self._notices = dict(self._published(key) for key in ("training", "coaching"))
        self.purposes = tuple(self._notices)
        self._parties: dict[HoldingId, PartyId] = {}
        self._requests: dict[SubjectId, RequestId] = {}

    def _published(self, key: str) -> tuple[PurposeId, NoticeId]:
        house = replace(self._house, clock=self.clock)
        words = f"This is {COMPANY.name}. May we keep what you say, for {key}? You may say no, and are helped all the same."
        with house.database.transaction(self.controller) as tx:
            purpose = purposes.create_purpose(tx, self.clock, replace(TRAINING, key=key, term_days=TERM_DAYS), by=SYSTEM).id
            new = NewNotice(purpose=purpose, language="en", text=f"{words} You can change your mind at any moment.")
            notice = purposes.publish_notice(tx, self.clock, new, by=SYSTEM).id
            review(tx, house, purpose)
        return purpose, notice

    def add_person(self, email: str) -> SubjectId:
        with self._transaction() as tx:
            return subjects.identify(tx, self._vault, self.clock, [_email(email)])

    # Controller

    def create(self, new: Record) -> bool:
        with self._transaction() as tx:
            self._parties[new.id] = self._yes(tx, new)
            key = self._lock(tx, new)
        sealer = Sealer(key.secret, content_context(self.controller, new.id))
        sealed = sealer.seal(new.value) + sealer.finish()
        put(self._house, self._folder, self._object_key(new), sealed)
        with self._transaction() as tx:
            holdings.complete(tx, self.clock, new.id, sealed_length=len(sealed), complete=True, sha256=sha256(sealed))
        return True

    def delete_by_key(self, record: Record) -> int:
        return self._withdraw([record])

    def delete_by_purpose(self, records: list[Record]) -> int:
        """All of one person's for one purpose."""
        return self._withdraw(records)

    def delete_by_term(self) -> int:
        """All whose last day is over."""
        with self._transaction() as tx:
            retention.end_due_terms(tx, self._vault, self.clock)
            over = [remnant for _, remnant in holdings.past_term(tx, day_of(self.clock.now()))]
        return self._disposer.reclaim(self.controller, over)

    def delete_by_user(self, subject: SubjectId) -> int:
        self._eraser.destroy(self.controller, ErasureId(new_id()), subject)
        with self._transaction() as tx:
            left = holdings.to_dispose(tx, subject)
        return self._disposer.dispose(self.controller, left)

    def shorten(self, record: Record, day: date) -> bool:
        with self._transaction() as tx:
            shortening = self._vault.shortening(record.purpose, made_before=self.clock.now())
            shortening.move(tx, {record.id: day})
            sooner = holdings.keep_until(tx, record.purpose, {record.id: day})
            said = TermsShortened(
                at=self.clock.now(),
                controller=tx.of,
                purpose=record.purpose,
                term_days=(day - day_of(self.clock.now())).days,
                count=1,
                root=ids_root(sooner),
            )
            ledger.append(tx, said)
        return sooner == [record.id]

    # Customer

    def restrict(self, subject: SubjectId) -> bool:
        with self._transaction() as tx:
            request = requests.receive(tx, self._vault, self.clock, subject=subject, kind=RequestKind.RESTRICTION, by=_DPO).id
            requests.fulfil(tx, self.clock, request, by=_DPO)
        self._requests[subject] = request
        return True

    def lift(self, subject: SubjectId) -> bool:
        request = self._requests.pop(subject)
        with self._transaction() as tx:
            limiting.tell_before_lifting(tx, self.clock, request, by=_DPO)
            limiting.lift(tx, self.clock, request, by=_DPO)
        return True

    def add_email(self, subject: SubjectId, email: str) -> bool:
        with self._transaction() as tx:
            subjects.add_identifier(tx, self._vault, self.clock, subject, _email(email), by=_DPO)
        return True

    def emails(self, subject: SubjectId) -> set[str]:
        with self._transaction() as tx:
            found = subjects.identifiers_of(tx, self._vault, subject)
        return set() if isinstance(found, Dark) else {each.value.reveal("compare in the bench") for each in found}

    def read_own_data(self, subject: SubjectId) -> dict[HoldingId, bytes]:
        return self._read(partial(_there, subject=subject), by=Actor(id=subject, role=Role.SUBJECT), for_speaker=True)

    def metadata(self, subject: SubjectId) -> dict[HoldingId, date]:
        with self._transaction() as tx:
            found = [each for each in holdings.of_subject(tx, subject) if each.is_there]
        return {each.id: day for each in found if (day := each.last_day(each.purposes[0])) is not None}

    # Processor

    def read_by_key(self, record: Record) -> dict[HoldingId, bytes]:
        return self._read(lambda tx: [holdings.get(tx, record.id)])

    def read_by_purpose(self, wanted: Iterable[HoldingId]) -> dict[HoldingId, bytes]:
        """A page of them. Whose use is restricted is not among them: the verdict is no."""
        return self._read(lambda tx: list(holdings.of_ids(tx, list(wanted)).values()))

    def read_by_user(self, subject: SubjectId) -> dict[HoldingId, bytes]:
        return self._read(partial(_there, subject=subject))

    # Regulator

    def logs(self, subject: SubjectId) -> list[datetime]:
        with self._transaction() as tx:
            return [each.at for each in uses.of_person(tx, subject, limit=PAGE)]

    def is_gone(self, record: Record) -> bool:
        """It opens for nobody, its bytes are not there, and the map says since when."""
        with self._transaction() as tx:
            found = holdings.get(tx, record.id)
            key = self._vault.unlock_content(tx, holding=record.id, purpose=record.purpose)
        return isinstance(key, Dark) and found.disposed_at is not None and not self._has_bytes(found.object_key)

    def _has_bytes(self, key: str) -> bool:
        try:
            return self._house.objects.size(key) > 0
        except NotFound:
            return False

    def _yes(self, tx: Transaction, new: Record) -> PartyId:
        """The call, its party, the question and the answer."""
        calls.begin(tx, self.clock, id=new.call)
        party = calls.join(tx, self.clock, call=new.call, subject=new.subject, role=PartyRole.CUSTOMER).id
        notice = self._notices[new.purpose]
        asked = consent.ask(tx, self.clock, call=new.call, party=party, notice=notice, by=SYSTEM).id
        yes = _choice(new, party, Answer.GRANTED)
        consent.choose(tx, self._vault, self.clock, replace(yes, notice=notice, language="en", ask=asked))
        return party

    def _lock(self, tx: Transaction, new: Record) -> ContentKey:
        grant = standing_in(tx, new.call)[self._parties[new.id], new.purpose].grant
        assert grant is not None  # noqa: S101 - a yes was given
        lock = Lock(purpose=new.purpose, last_day=new.last_day, grants=(grant,))
        key = self._vault.lock_content(tx, holding=new.id, locks=[lock])
        holding = NewHolding(
            id=new.id,
            subject=new.subject,
            kind=HoldingKind.TRANSCRIPT,
            call=new.call,
            terms=(Term(purpose=new.purpose, last_day=new.last_day),),
            mediatype="text/plain",
            object_key=self._object_key(new),
            provenance=Provenance(source=Source.API, actor=SYSTEM, at=self.clock.now(), basis=LawfulBasis.CONSENT),
            category=Category.VOICE_COMMUNICATION_RECORDING,
        )
        holdings.record(tx, self.clock, holding)
        return key

    def _withdraw(self, records: list[Record]) -> int:
        with self._transaction() as tx:
            for each in records:
                consent.choose(tx, self._vault, self.clock, _choice(each, self._parties[each.id], Answer.WITHDRAWN))
            found = holdings.of_ids(tx, [each.id for each in records])
        return self._disposer.dispose(self.controller, list(found.values()))

    def _read(
        self, find: Callable[[Transaction], list[Holding]], *, by: Actor | None = None, for_speaker: bool = False
    ) -> dict[HoldingId, bytes]:
        """The verdict and the line in the log of each, committed before its bytes are fetched."""
        with self._transaction() as tx:
            found = find(tx)
            if not found:
                return {}
            wanted = [
                Wanted(
                    act=UseAct.READ, purpose=each.purposes[0], holding=each.id, for_speaker=for_speaker, reason=_WHY, case=_CASE
                )
                for each in found
            ]
            answered = ask(tx, self._tools, wanted, by=by or _SUPERVISOR)
            may = [each for each, answer in zip(found, answered, strict=True) if answer.verdict.proceeds]
            keys = self._vault.unlock_all(tx, [(each.id, each.purposes[0]) for each in may])
        opening = [(each, keys[each.id, each.purposes[0]]) for each in may]
        return {each.id: self._opened(each, key) for each, key in opening if isinstance(key, ContentKey)}

    def _opened(self, holding: Holding, key: ContentKey) -> bytes:
        assert holding.sealed_length is not None  # noqa: S101 - it is complete

        def fetch(start: int, length: int) -> bytes:
            return self._house.objects.get_range(holding.object_key, start, length)

        reader = SealedReader(key.secret, content_context(self.controller, holding.id), fetch, holding.sealed_length, True)
        return reader.read(0, reader.plain_length)

    def _object_key(self, new: Record) -> str:
        return key_of(self.controller, new.id, new.last_day)

    def _transaction(self) -> AbstractContextManager[Transaction]:
        return self._house.database.transaction(self.controller)


def put(house: House, folder: Path, key: str, content: bytes) -> None:
    """Durable when it returns."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(content)
        file.flush()
        house.objects.put_file(key, Path(file.name))


def _there(tx: Transaction, *, subject: SubjectId) -> list[Holding]:
    return [each for each in holdings.of_subject(tx, subject) if each.is_there]


def _email(address: str) -> Identifier:
    return Identifier(kind=IdentifierKind.EMAIL, value=Personal(address))


def _choice(record: Record, party: PartyId, answer: Answer) -> NewChoice:
    return NewChoice(
        call=record.call,
        party=party,
        purpose=record.purpose,
        answer=answer,
        channel=Channel.API,
        by=SYSTEM,
        evidence=Evidence(kind=EvidenceKind.REFERENCE, detail=Personal("bench")),
    )


_DPO = Actor(id=new_id(), role=Role.DPO)
_SUPERVISOR = Actor(id=new_id(), role=Role.SUPERVISOR)
_WHY, _CASE = "The customer rang about this call.", "C-1234"

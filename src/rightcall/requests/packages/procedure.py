"""Making a package, round by round: each writes one part, or looks at one page of what is held, and then says how far it is.
Killed anywhere, the round that was cut off is done again and nothing else. Whatever is held, a round has no more of it in
memory than a page.

1. `heard`, `written`: what is there in which others are heard, or told of and not to be masked. Somebody says of each.
2. `calls`: what the person said, as sound, each call as a vCon, and what was decided about it.
3. `things`: each thing that is held, here and elsewhere, with its value as it is there now.
4. `uses`: who looked at what is not on the map.
5. `processors`: what those answered that were asked for their copy, and their copies. Until they have answered, or it is waited
   for no longer, it stands still, and the worker's housekeeping has it gone on with.
6. `front`, `end`: the first page, and the directory of the file.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from rightcall.activities.processors.ports import Dial
from rightcall.canonical import Json
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.database.connection import Database, Transaction
from rightcall.design.tongues import Tongue
from rightcall.design.wording import language_of
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.ports import Opener
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import After
from rightcall.ids import CallId, ControllerId, HoldingId, RequestId, StatementId, SubjectId
from rightcall.procedures.model import Reached
from rightcall.procedures.ports import Steps
from rightcall.purposes.translations import actions as translations
from rightcall.purposes.translations.model import OwnWords
from rightcall.recordings.copying import own_copy
from rightcall.recordings.ports import Audio
from rightcall.recordings.tools import Tools
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.requests.packages import actions, elsewhere, gathering, processors, records, sealing, sheets, store
from rightcall.requests.packages.fetching import bring
from rightcall.requests.packages.gathering import Page
from rightcall.requests.packages.model import Became, Package, PackageId, Part, Phase, State, Thing, Why
from rightcall.requests.packages.records import Record
from rightcall.requests.packages.rules import is_portable
from rightcall.requests.packages.things import store as things
from rightcall.requests.packages.writing import Bench, Pen, pen_of, sweep
from rightcall.requests.packages.zipping import Directory
from rightcall.requests.tellable import tellable
from rightcall.subjects.joining import actions as joining
from rightcall.vault.model import Dark

CALLS, THINGS, USES, LOOKED_AT = 25, 500, 500, 500
"""So many on a page; of calls fewer where they are long."""
_FULL = 32 * 1024 * 1024
"""Bytes of sound from which on a part is full."""
_SHORT = 4000
"""Characters up to which a value stands on its page; a longer one has a file of its own."""
_MORE, _DONE = "more", "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is known in every round. `after`: behind what the next page begins; `page`: how many there are; `number`: of the
    part."""

    controller: Controller
    package: Package
    person: tuple[SubjectId, ...]
    language: str
    own: OwnWords
    kind: RequestKind
    key: bytes = field(repr=False)
    after: str
    page: int
    number: int

    @property
    def tongue(self) -> Tongue:
        """Moments are told as on the person's own page."""
        return Tongue(self.language, self.controller.zone, is_long=True)

    @property
    def with_uses(self) -> bool:
        return self.kind is RequestKind.ACCESS

    def wanted(self, found: Sequence[Holding]) -> list[Holding]:
        return [each for each in found if self.with_uses or is_portable(each)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """Where to go on. `things`: what became of what was looked at. `part`: what was written, `copies` before it."""

    phase: Phase
    after: str = ""
    page: int = 0
    part: Part | None = None
    copies: Sequence[Part] = ()
    things: Sequence[Thing] = ()
    is_made: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Packaging:
    """The procedure `make_package`."""

    database: Database
    tools: Tools
    audio: Audio
    open_system: Opener
    dial: Dial
    bench: Bench

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, request = ControllerId(UUID(arguments[0])), RequestId(UUID(arguments[1]))
        package = steps.run("begin", partial(self._begin, controller, request))
        if package is None:
            return None
        id = PackageId(UUID(package))
        while steps.run("go on", partial(self.round, controller, id)) == _MORE:
            steps.reached(partial(self._reached, controller, id))
        return package

    def _reached(self, controller: ControllerId, id: PackageId) -> Reached:
        return self.database.run(controller, lambda tx: actions.reached(tx, actions.by_id(tx, id)))

    def round(self, controller: ControllerId, id: PackageId) -> str:
        """One round. Where somebody else went on with it meanwhile, what this one wrote is left to be let go with the rest."""
        scope = self.database.run(controller, partial(self._scope, id=id))
        if scope is None:
            return _DONE
        rounds: Mapping[Phase, Callable[[Scope], Next | None]] = {
            Phase.HEARD: self._heard,
            Phase.WRITTEN: self._written,
            Phase.CALLS: self._calls,
            Phase.THINGS: self._things,
            Phase.USES: self._uses,
            Phase.PROCESSORS: self._processors,
            Phase.FRONT: self._front,
            Phase.END: self._end,
        }
        following = rounds[scope.package.phase](scope)
        if following is None:
            return _DONE
        self.database.run(controller, partial(self._go_on, scope=scope, following=following))
        return _MORE

    def _begin(self, controller: ControllerId, request: RequestId) -> str | None:
        sweep(self.bench, time.time())

        def deed(tx: Transaction) -> str | None:
            package = actions.begin(tx, self.tools.vault, self.tools.clock, request)
            return None if package is None else str(package.id)

        return self.database.run(controller, deed)

    def _scope(self, tx: Transaction, *, id: PackageId) -> Scope | None:
        """None where there is nothing to be done: it waits, is made, was let go, or its person was erased."""
        package = actions.by_id(tx, id)
        if package.state is not State.MAKING or package.sealed_key is None:
            return None
        key = sealing.kept(tx, self.tools.vault, package.subject, package.sealed_key)
        if isinstance(key, Dark):
            return None
        request = requests.get(tx, package.request)
        page, _, after = (package.cursor or "0|").partition("|")
        language = language_of(request.language)
        return Scope(
            controller=controllers.get(tx),
            package=package,
            person=joining.person(tx, package.subject),
            language=language,
            own=translations.untranslated(tx, language),
            kind=request.kind,
            key=key,
            after=after,
            page=int(page),
            number=store.next_part(tx, id),
        )

    def _go_on(self, tx: Transaction, *, scope: Scope, following: Next) -> None:
        now, then = actions.by_id(tx, scope.package.id), scope.package
        if (now.state, now.phase, now.cursor) != (then.state, then.phase, then.cursor):
            return
        for part in (*following.copies, following.part):
            if part is not None:
                store.insert_part(tx, now.id, part)
        things.became(tx, now.id, following.things)
        decides = now.phase is Phase.WRITTEN and following.phase is Phase.CALLS and bool(things.waiting(tx, now.id))
        state = State.WAITING if decides else State.MAKING
        store.go_on(tx, now.id, state, following.phase, f"{following.page}|{following.after}")
        if following.is_made:
            actions.made(tx, self.tools.clock, now)

    def _heard(self, scope: Scope) -> Next:
        """Recordings on which several speak. An agent and the person on streams of their own are told apart already."""
        with self._transaction(scope) as tx:
            calls = gathering.calls_of(tx, scope.person, scope.after, LOOKED_AT)
            if not calls:
                return Next(phase=Phase.WRITTEN)
            things = [
                Thing(holding=each, state=Became.WAITS, why=Why.OTHERS_HEARD.value, call=call)
                for call in calls
                for each in gathering.several_speak(tx, self.tools, call)
            ]
        return Next(phase=Phase.HEARD, after=str(calls[-1]), things=things)

    def _written(self, scope: Scope) -> Next:
        """Texts and rows that are about more than the person, and cannot be read well enough to mask what is about others."""
        with self._transaction(scope) as tx:
            found = gathering.held(tx, scope.person, scope.after, LOOKED_AT)
            if not found:
                return Next(phase=Phase.CALLS)
            whole = [each for each in scope.wanted(found) if elsewhere.is_whole(each) and not elsewhere.is_secret(each)]
            errands = elsewhere.errands(tx, self.tools.vault, whole)
            own = gathering.own_words(tx, self.tools.vault, scope.person)
        read = (each for errand in errands for each in elsewhere.read(self.open_system, errand, own=own, given=()))
        things = [
            Thing(holding=holding, state=Became.WAITS, why=value.why.value)
            for holding, value in read
            if value.state is Became.WAITS and value.why is not None
        ]
        return Next(phase=Phase.WRITTEN, after=str(found[-1].id), things=things)

    def _calls(self, scope: Scope) -> Next:
        told, things, last = list[Record](), list[Thing](), scope.after
        with self._pen(scope) as pen:
            with self._transaction(scope) as tx:
                calls = gathering.calls_of(tx, scope.person, scope.after, CALLS)
                if not calls:
                    return Next(phase=Phase.THINGS)
                for call in calls:
                    if told and pen.piece.length >= _FULL:
                        break
                    record, became = self._call(tx, scope, pen, call)
                    told.append(record)
                    things += became
                    last = str(call)
            page = scope.page + 1
            pen.page(f"calls-{page:04}", sheets.calls(told, scope.tongue, page), told)
            return Next(phase=Phase.CALLS, after=last, page=page, part=pen.keep(), things=things)

    def _call(self, tx: Transaction, scope: Scope, pen: Pen, call: CallId) -> tuple[Record, list[Thing]]:
        mixed, held = gathering.several_speak(tx, self.tools, call), holdings.of_call(tx, call)
        decided = things.decided(tx, scope.package.id, mixed)
        wanted = {each.id for each in scope.wanted(held)}
        copy = own_copy(
            tx,
            self.tools,
            self.bench.objects,
            self.audio,
            call=call,
            person=scope.person,
            given=[each for each, is_given in decided.items() if is_given],
            left_out=gathering.left_out(tx, self.tools, held, wanted),
        )
        files = list[str]()
        for sound in copy.sounds:
            for file, piece in zip(gathering.files_of(call, sound), sound.pieces, strict=True):
                pen.piece.stream(file, piece.chunks())
                files.append(file)
        pen.piece.stream(gathering.vcon_file(call), copy.vcon())
        files.append(gathering.vcon_file(call))
        record = records.of_call(tx, copy, records.around(tx, scope.language), files, with_uses=scope.with_uses)
        return record, list(gathering.heard_in(copy))

    def _things(self, scope: Scope) -> Next:
        found, page = self.database.run(scope.controller.id, partial(self._page, scope=scope))
        if not found:
            return Next(phase=Phase.USES if scope.with_uses else Phase.PROCESSORS)
        with self._pen(scope) as pen:
            things, said = dict(page.became), dict[HoldingId, Record]()
            for errand in page.errands:
                for holding, value in elsewhere.read(self.open_system, errand, own=page.own, given=page.given):
                    things[holding], said[holding] = _put(pen, holding, value)
            told = []
            for each in page.found:
                thing = things.get(each.id, Thing(holding=each.id, state=Became.AWAY, why=Why.SYSTEM_AWAY.value))
                things[each.id] = thing
                became = said.get(each.id) or records.became_record(thing, gathering.sound_files(thing), None)
                told.append(page.records[each.id] | {"in_package": became})
            number = scope.page + 1
            pen.page(f"things-{number:04}", sheets.things(told, scope.tongue, scope.controller, number), told)
            return Next(phase=Phase.THINGS, after=str(found[-1]), page=number, part=pen.keep(), things=list(things.values()))

    def _page(self, tx: Transaction, *, scope: Scope) -> tuple[list[HoldingId], Page]:
        found = gathering.held(tx, scope.person, scope.after, THINGS)
        page = gathering.page(
            tx,
            self.tools,
            scope.package.id,
            tellable(tx, scope.wanted(found)),
            person=scope.person,
            language=scope.language,
            with_uses=scope.with_uses,
        )
        return [each.id for each in found], page

    def _uses(self, scope: Scope) -> Next:
        with self._transaction(scope) as tx:
            found = uses.of_person(tx, scope.package.subject, after=_after(scope.after), limit=USES)
            looks = [each for each in found if each.holding is None]
            about, decided = records.around(tx, scope.language), records.verdicts_of(tx, looks)
            told = [records.use_record(each, about, decided) for each in looks]
        if not found:
            return Next(phase=Phase.PROCESSORS)
        after = f"{found[-1].at.isoformat()}~{found[-1].statement}"
        if not told:
            return Next(phase=Phase.USES, after=after, page=scope.page)
        page = scope.page + 1
        with self._pen(scope) as pen:
            pen.page(f"uses-{page:04}", sheets.uses(told, scope.tongue, page), told)
            return Next(phase=Phase.USES, after=after, page=page, part=pen.keep())

    def _processors(self, scope: Scope) -> Next | None:
        vault, clock = self.tools.vault, self.tools.clock

        def deed(tx: Transaction) -> tuple[list[processors.Answered] | None, datetime]:
            request = requests.get(tx, scope.package.request)
            until = processors.waits_until(scope.package, request)
            return processors.answers(tx, vault, clock, scope.package, request), until

        found, until = self.database.run(scope.controller.id, deed)
        if found is None:
            return None
        if not found:
            return Next(phase=Phase.FRONT)
        brought = bring(self.dial, found, lambda number: self._pen(replace(scope, number=number)), scope.number)
        told = [processors.record(each, until, copy.file, copy.why) for each, copy in zip(found, brought, strict=True)]
        copies = [each.part for each in brought if each.part is not None]
        with self._pen(replace(scope, number=scope.number + len(copies))) as pen:
            pen.page("processors-0001", sheets.processors(told, scope.tongue, 1), told)
            return Next(phase=Phase.FRONT, part=pen.keep(), copies=copies)

    def _front(self, scope: Scope) -> Next:
        with self._transaction(scope) as tx:
            came = processors.so_far(tx, self.tools.vault, requests.get(tx, scope.package.request))
            counts = things.counts(tx, scope.package.id)
            known = gathering.known(tx, self.tools.vault, scope.person)
            doubtful = joins.count_doubtful(tx, scope.person)
            names = [
                entry.name
                for part in store.parts(tx, scope.package.id)
                for entry in store.entries(tx, scope.package.id, part.number)
                if entry.name.endswith(".html")
            ]
        told: Record = {
            "request": str(scope.package.request),
            "made_at": records.instant(self.tools.clock.now()),
            "controller": {
                "name": scope.controller.name,
                "address": scope.controller.address,
                "contact": scope.controller.contact,
            },
            "known_by": [{"kind": kind, "value": value} for kind, value in known],
            "counts": {state.value: number for state, number in counts.by_state.items()},
            "of_another": counts.of_another,
            "doubtful_records": doubtful,
            "pages": [_page_record(each) for each in names],
            "processors_missing": sum(each.came is not processors.Came.LINKED for each in came),
        }
        with self._pen(scope) as pen:
            pen.page("index", sheets.front(told, scope.tongue, scope.controller, counts, scope.kind.value), told)
            return Next(phase=Phase.END, part=pen.keep())

    def _end(self, scope: Scope) -> Next:
        with self._transaction(scope) as tx:
            parts = store.parts(tx, scope.package.id)
            with self._pen(scope) as pen:
                directory, at = Directory(pen.write, sum(part.plain_length for part in parts)), 0
                for part in parts:
                    directory.add(store.entries(tx, scope.package.id, part.number), at)
                    at += part.plain_length
                directory.end()
                return Next(phase=Phase.END, part=pen.keep(), is_made=True)

    def _pen(self, scope: Scope) -> AbstractContextManager[Pen]:
        return pen_of(self.bench, scope.controller.id, scope.package, scope.key, scope.number, scope.own)

    def _transaction(self, scope: Scope) -> AbstractContextManager[Transaction]:
        return self.database.transaction(scope.controller.id)


def _put(pen: Pen, holding: HoldingId, value: elsewhere.Value) -> tuple[Thing, Record]:
    """What became of a thing elsewhere. What waits now was not there when somebody could have said what is to be: it stays
    out."""
    state = Became.WITHHELD if value.state is Became.WAITS else value.state
    thing = Thing(holding=holding, state=state, why=None if value.why is None else value.why.value)
    text = None if value.text is None else value.text.reveal("hand it to the person whom it is about")
    if text is None or len(text) <= _SHORT:
        return thing, records.became_record(thing, [], text)
    file = f"things/{holding}.txt"
    pen.piece.add(file, text.encode(), pack=True)
    return thing, records.became_record(thing, [file], None)


def _page_record(file: str) -> Record:
    of, _, number = file.removesuffix(".html").partition("-")
    return {"file": file, "of": of, "number": int(number)}


def _after(cursor: str) -> After | None:
    if not cursor:
        return None
    at, _, statement = cursor.partition("~")
    return After(at=datetime.fromisoformat(at), statement=StatementId(UUID(statement)))

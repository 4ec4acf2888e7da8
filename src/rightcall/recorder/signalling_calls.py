"""A SIP call becomes a call of the house: its trunk, its controller, its parties and streams, its ports.

Implements the port `Calls` of signalling. What was written before a failure is let go of: at once where that works, else by
`let_go`, which is run every second. Runs in worker threads; one call's deeds come one after the other.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from rightcall.adapters.control.messages import Allocate, Allocated, Update
from rightcall.adapters.sip.ports import STRANGER, Accepted, Declined, Incoming, Why
from rightcall.calls import actions as calls
from rightcall.calls.model import Forbidden, OwnedTrunk, Trunk, Undecided
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Mistake, Outage, RightcallError
from rightcall.ids import CallId, ControllerId, RecorderId, StreamId
from rightcall.recorder.signalling_journal import Journal, Noted
from rightcall.recorder.signalling_offers import REASONS, arrival, receivers, stream_offers
from rightcall.recorder.signalling_ports import Media
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import Arrived, EndReason, Stream
from rightcall.recordings.model import Why as ClosedBecause
from rightcall.recordings.tools import Tools

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A call that signalling has. `streams` by their place in the SDP; `asked` and `given`: what the media process was asked for
    last, and answered."""

    controller: ControllerId
    trunk: Trunk
    recorder: RecorderId
    streams: dict[int, StreamId]
    asked: Allocate
    given: Allocated

    @property
    def ports(self) -> dict[int, int]:
        """Where each stream is received, by its place in the SDP."""
        given = {each.stream: each.rtp for each in self.given.streams}
        return {index: given[stream] for index, stream in self.streams.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A call that nobody will end but we: it failed while it arrived, or a process before this one was killed."""

    noted: Noted
    reason: EndReason


class RecordedCalls:
    """`journal` says which calls a process before this one had: they are let go of too."""

    def __init__(self, database: Database, tools: Tools, media: Media, journal: Journal) -> None:
        self._database = database
        self._tools = tools
        self._media = media
        self._journal = journal
        self._lock = threading.Lock()
        self._held: dict[CallId, Held] = {}
        self._orphans: dict[CallId, Orphan] = {}
        for call, noted in journal.left().items():
            self._orphans[call] = Orphan(noted=noted, reason=EndReason.LOST)
        if self._orphans:
            _log.warning("calls of a killed signalling process are ended as lost", extra={"calls": len(self._orphans)})

    def arrived(self, incoming: Incoming) -> Accepted | Declined:
        """1. Whose trunk? 2. The call, its parties and streams exist. 3. Ports. 4. The gates are as the choices say."""
        owned = self._trunk(incoming)
        if owned is None:
            return STRANGER
        recorder = self._media.pick()
        made: list[CallId] = []
        noted = Noted(controller=owned.controller, recorder=recorder)

        def deed(tx: Transaction) -> Arrived:
            arrived = recordings.arrive(tx, self._tools, arrival(owned.trunk, incoming), recorder=recorder)
            made.append(arrived.session.call)
            self._journal.note(arrived.session.call, noted)
            return arrived

        try:
            arrived = self._database.run(owned.controller, deed)
            return self._receive(owned, recorder, arrived, incoming)
        except RightcallError:
            for call in made:
                self._orphan(call, noted)
            raise

    def changed(self, call: CallId, incoming: Incoming) -> Accepted | Declined:
        """Returns only when the gates hold: a pause that failed is an error, never a yes."""
        held = self._known(call)
        arrived = self._run(held, lambda tx: recordings.amend(tx, self._tools, call, arrival(held.trunk, incoming)))
        asked = Allocate(controller=held.controller, call=call, streams=stream_offers(held.trunk, incoming, arrived.by_label))
        given = self._media.allocate(held.recorder, asked)
        self._media.update(held.recorder, Update(call=call, streams=asked.streams))
        self._media.settle(held.controller, call)
        streams = {stream.index: arrived.by_label[stream.label] for stream in incoming.streams}
        changed = replace(held, streams=streams, asked=asked, given=given)
        self._keep(call, changed)
        return self._accepted(call, changed, arrived, incoming)

    def ended(self, call: CallId, why: Why) -> None:
        """First in the database, then at the media process: that one closes what is over by itself, should it not hear us."""
        with self._lock:
            held = self._held.get(call)
        if held is None:
            return
        try:
            self._end(call, Noted(controller=held.controller, recorder=held.recorder), REASONS[why])
        except Mistake:
            _log.warning("a call that ended was not known any more", extra={"call": str(call)})
        self._journal.forget(call)
        with self._lock:
            self._held.pop(call, None)

    # -- for the watch

    def held(self) -> dict[CallId, Held]:
        with self._lock:
            return dict(self._held)

    def open_streams(self, call: CallId, held: Held) -> frozenset[int]:
        """The places of the streams whose gates are open now."""
        streams = self._run(held, lambda tx: recordings.call_state(tx, call).streams)
        open_now = _open(streams)
        return frozenset(index for index, stream in held.streams.items() if stream in open_now)

    def restore(self, call: CallId, held: Held) -> Held | None:
        """The media process of a running call started anew. Its streams get ports again, the same where these are free; its gates
        that process settles by itself. The call as it is now, where its client has to be told of other ports."""
        given = self._media.allocate(held.recorder, held.asked)
        with self._lock:
            now = self._held.get(call)
            if now is held:
                now = self._held[call] = replace(held, given=given)
        if now is None:
            self._media.release(held.recorder, call)
        elif (now.given.address, now.ports) != (held.given.address, held.ports):
            return now
        return None

    def let_go(self) -> None:
        """End what a failure left behind."""
        with self._lock:
            orphans = dict(self._orphans)
        for call, orphan in orphans.items():
            self._try_to_let_go(call, orphan)

    # -- steps

    def _trunk(self, incoming: Incoming) -> OwnedTrunk | None:
        called = "" if incoming.called is None else incoming.called.reveal("find trunk")
        with self._database.system() as tx:
            return calls.trunk_for(tx, incoming.source, called)

    def _receive(self, owned: OwnedTrunk, recorder: RecorderId, arrived: Arrived, incoming: Incoming) -> Accepted | Declined:
        call = arrived.session.call
        asked = Allocate(controller=owned.controller, call=call, streams=stream_offers(owned.trunk, incoming, arrived.by_label))
        held = Held(
            controller=owned.controller,
            trunk=owned.trunk,
            recorder=recorder,
            streams={stream.index: arrived.by_label[stream.label] for stream in incoming.streams},
            asked=asked,
            given=self._media.allocate(recorder, asked),
        )
        self._media.settle(owned.controller, call)
        accepted = self._accepted(call, held, arrived, incoming)
        if owned.trunk.forbidden is not Forbidden.STAY and self._is_forbidden(call, held):
            self._orphan(call, Noted(controller=owned.controller, recorder=recorder))
            return Declined(code=int(owned.trunk.forbidden.value), phrase="Recording is forbidden here.")
        self._keep(call, held)
        return accepted

    def _accepted(self, call: CallId, held: Held, arrived: Arrived, incoming: Incoming) -> Accepted:
        open_streams: frozenset[StreamId] | None = None
        if held.trunk.undecided is Undecided.INACTIVE:
            open_streams = _open(self._run(held, lambda tx: recordings.call_state(tx, call).streams))
        return Accepted(
            call=call,
            address=held.given.address,
            receivers=receivers(incoming, arrived.by_label, held.given, open_streams),
        )

    def _is_forbidden(self, call: CallId, held: Held) -> bool:
        """Whether rules, and not a missing yes, keep every gate of the call closed."""
        streams = self._run(held, lambda tx: recordings.call_state(tx, call).streams)
        return bool(streams) and all(stream.why is ClosedBecause.RULES for stream in streams)

    def _keep(self, call: CallId, held: Held) -> None:
        with self._lock:
            self._held[call] = held

    def _known(self, call: CallId) -> Held:
        with self._lock:
            held = self._held.get(call)
        if held is None:
            raise Outage("This call is over here. Start a new recording session.")
        return held

    def _end(self, call: CallId, noted: Noted, reason: EndReason) -> None:
        self._run(noted, lambda tx: recordings.end(tx, self._tools, call, reason))
        try:
            self._media.release(noted.recorder, call)
        except Outage:
            _log.warning("the media recorder did not hear that a call is over; it will read it", extra={"call": str(call)})

    def _orphan(self, call: CallId, noted: Noted) -> None:
        orphan = Orphan(noted=noted, reason=EndReason.REFUSED)
        with self._lock:
            self._orphans[call] = orphan
        self._try_to_let_go(call, orphan)

    def _try_to_let_go(self, call: CallId, orphan: Orphan) -> None:
        try:
            self._end(call, orphan.noted, orphan.reason)
        except Mistake:
            _log.info("a call that was let go of had not been begun, or is over", extra={"call": str(call)})
        except Outage:
            _log.warning("a call that is let go of could not be ended yet", extra={"call": str(call)})
            return
        self._journal.forget(call)
        with self._lock:
            self._orphans.pop(call, None)

    def _run(self, whose: Held | Noted, deed: Callable[[Transaction], _T]) -> _T:
        return self._database.run(whose.controller, deed)


def _open(streams: tuple[Stream, ...]) -> frozenset[StreamId]:
    return frozenset(stream.id for stream in streams if stream.why is None and stream.gone_at is None)

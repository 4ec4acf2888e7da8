"""The media process's decisions, from the database: one transaction each, on behalf of the call's controller."""

from collections.abc import Callable
from datetime import datetime

from rightcall.adapters.control import registry
from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.rtp.spool import SealedFile
from rightcall.consent import actions as consent
from rightcall.database.connection import Database, Transaction
from rightcall.errors import NotFound
from rightcall.ids import CallId, ControllerId, HoldingId, RecorderId, StreamId
from rightcall.policy.adopting import turn
from rightcall.recorder.media_ports import Decision, Pending, Pressed, Written
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import Changed, Unfinished
from rightcall.recordings.ports import Settled
from rightcall.recordings.tools import Tools


class DatabaseDecisions:
    """Implements `media_ports.Decisions`."""

    def __init__(self, database: Database, tools: Tools, recorder: RecorderId) -> None:
        self._database = database
        self._tools = tools
        self._recorder = recorder

    def settle(self, controller: ControllerId, call: CallId) -> Decision:
        def deed(tx: Transaction) -> Decision:
            settlement = recordings.settle(tx, self._tools, call)
            return Decision(settlement=settlement, pending={} if settlement.over else self._pending(tx, call))

        return self._database.run(controller, deed)

    def version(self, controller: ControllerId, call: CallId) -> int:
        try:
            return self._database.run(controller, lambda tx: recordings.call_state(tx, call).session.version)
        except NotFound:
            return 0

    def report(self, controller: ControllerId, call: CallId, settled: Settled) -> None:
        self._database.run(controller, lambda tx: recordings.gate_reported(tx, self._tools, call, settled=settled))

    def press(self, controller: ControllerId, call: CallId, key: Pressed, *, shut_at: Callable[[], datetime | None]) -> None:
        vault, clock = self._tools.vault, self._tools.clock

        def deed(tx: Transaction) -> None:
            recordings.touch(tx, call)
            if self._paused(tx, call, key.at):
                return
            made = consent.keypress(tx, vault, clock, call=call, party=key.party, digit=key.digit, at=key.at)
            since = shut_at()
            if made is not None and since is not None:
                recordings.answer_waited(tx, call, key.party, since=since)

        self._database.run(controller, deed)

    def finish(self, controller: ControllerId, take: HoldingId, file: SealedFile, written: Written) -> None:
        def deed(tx: Transaction) -> None:
            if written.abandoned:
                recordings.recover(tx, self._tools, take, found=True)
            recordings.finish_take(
                tx,
                self._tools,
                take,
                sealed_length=file.length,
                packets=written.packets,
                first_at=written.first_at,
                last_at=written.last_at,
                complete=file.complete,
                digest=file.digest,
            )

        self._database.run(controller, deed)

    def abandon(self, controller: ControllerId, take: HoldingId, *, found: bool) -> None:
        self._database.run(controller, lambda tx: recordings.recover(tx, self._tools, take, found=found))

    def beat(self, address: str) -> list[Changed]:
        with self._database.system() as tx:
            registry.beat(tx, self._recorder, RecorderRole.MEDIA, address)
            recordings.look_again(tx, turn(tx, self._tools.clock))
            return recordings.changed_since(tx, self._recorder)

    def unfinished(self) -> list[Unfinished]:
        with self._database.system() as tx:
            return recordings.unfinished(tx)

    def leave(self) -> None:
        with self._database.system() as tx:
            registry.leave(tx, self._recorder)

    def _paused(self, tx: Transaction, call: CallId, at: datetime) -> bool:
        """Whether the key was pressed during a pause that goes on: a card's digits say yes or no to nothing."""
        paused_at = recordings.call_state(tx, call).session.paused_at
        return paused_at is not None and paused_at <= at

    def _pending(self, tx: Transaction, call: CallId) -> dict[StreamId, Pending]:
        """A stream that several speak on is not listened to: nobody could say whose key it was. Nothing is, during a pause."""
        state = recordings.call_state(tx, call)
        if state.session.pause is not None:
            return {}
        pending = {}
        for stream in state.streams:
            if stream.party is None or stream.gone_at is not None:
                continue
            questions = tuple(keys for _, keys in consent.pending(tx, stream.party, self._tools.clock.now()))
            if questions:
                pending[stream.id] = Pending(party=stream.party, questions=questions)
        return pending

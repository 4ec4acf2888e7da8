"""A `Calls` port that remembers what it was asked and fails when told to: before the deed, or after it."""

from collections import Counter
from collections.abc import Callable

from rightcall.adapters.sip.ports import Accepted, Declined, Incoming, Receiver, Srtp, Why
from rightcall.errors import DatabaseGone
from rightcall.ids import CallId, new_id

Listener = Callable[[str, dict[str, object]], None]
OUR_KEY = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"

# Orders to the recorder under test that are told when they hold, so that no test runs ahead of them.
SETTINGS = frozenset({"fail_before", "fail_after", "crash", "slow", "decline", "port", "open"})


class FakeCalls:
    """`fail_before["arrived"] = 2`: the next two raise and nothing was done. `fail_after`: done, and the answer is lost."""

    def __init__(self, hear: Listener = lambda name, facts: None) -> None:
        self.hear = hear
        self.calls: dict[str, CallId] = {}
        self.live: set[CallId] = set()
        self.reset()

    def reset(self) -> None:
        """Nothing fails, everything is accepted at once."""
        self.fail_before: Counter[str] = Counter()
        self.fail_after: Counter[str] = Counter()
        self.crash: Counter[str] = Counter()
        self.decline: Declined | None = None
        self.open = True
        self.port = 30_000
        self.wait: Callable[[str], None] = lambda deed: None

    def arrived(self, incoming: Incoming) -> Accepted | Declined:
        self._may_fail(self.fail_before, "arrived")
        self.wait("arrived")
        if self.decline is not None:
            return self.decline
        call = self.calls.setdefault(incoming.dialog, CallId(new_id()))
        self.live.add(call)
        self.hear("arrived", facts(incoming) | {"call": str(call)})
        try:
            self._may_fail(self.fail_after, "arrived")
        except DatabaseGone:
            self.live.discard(call)
            raise
        return self._accept(call, incoming)

    def changed(self, call: CallId, incoming: Incoming) -> Accepted | Declined:
        self._may_fail(self.fail_before, "changed")
        self.wait("changed")
        if self.decline is not None:
            return self.decline
        self.hear("changed", facts(incoming) | {"call": str(call)})
        self._may_fail(self.fail_after, "changed")
        return self._accept(call, incoming)

    def ended(self, call: CallId, why: Why) -> None:
        self._may_fail(self.fail_before, "ended")
        self.wait("ended")
        self.live.discard(call)
        self.hear("ended", {"call": str(call), "why": str(why)})
        self._may_fail(self.fail_after, "ended")

    def _accept(self, call: CallId, incoming: Incoming) -> Accepted:
        receivers = []
        for stream in incoming.streams:
            srtp = Srtp(tag=stream.srtp[0].tag, suite=stream.srtp[0].suite, key=OUR_KEY) if stream.srtp else None
            receivers.append(Receiver(index=stream.index, port=self.port + 2 * stream.index, open=self.open, srtp=srtp))
        return Accepted(call=call, address="127.0.0.1", receivers=tuple(receivers))

    def _may_fail(self, switch: Counter[str], deed: str) -> None:
        if self.crash[deed] > 0:
            self.crash[deed] -= 1
            raise ZeroDivisionError("sip:planted@caller.example")
        if switch[deed] > 0:
            switch[deed] -= 1
            raise DatabaseGone("The database cannot be reached. Try again.")


def facts(incoming: Incoming) -> dict[str, object]:
    """What a test wants to look at, bare."""
    return {
        "source": incoming.source,
        "called": incoming.called.reveal("test") if incoming.called else None,
        "session": incoming.session,
        "group": incoming.group,
        "preference": incoming.preference,
        "parties": {party.ref: party.aor.reveal("test") for party in incoming.parties},
        "names": {party.ref: party.name.reveal("test") for party in incoming.parties if party.name},
        "streams": [
            {
                "index": stream.index,
                "label": stream.label,
                "party": stream.party,
                "flow": str(stream.flow),
                "codecs": [f"{codec.payload_type} {codec.name}/{codec.clock_rate}" for codec in stream.codecs],
                "address": f"{stream.address}:{stream.port}",
            }
            for stream in incoming.streams
        ],
    }

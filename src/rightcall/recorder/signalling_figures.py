"""Figures of the signalling process. Labels come from a closed list."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from rightcall.adapters.sip.agent import Counts


class SignallingFigures:
    """`tell` is called each second with counts that only grow."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.registry = registry
        self._calls = Gauge(
            "rightcall_sip_calls", "Recording sessions that are on.", registry=registry, multiprocess_mode="livemostrecent"
        )
        self._invites = Counter("rightcall_sip_invites_total", "INVITEs, by what became of them.", ["outcome"], registry=registry)
        self._told: dict[str, int] = {}

    def tell(self, counts: Counts, calls: int) -> None:
        self._calls.set(calls)
        present = {"accepted": counts.accepted, "refused": counts.refused, "strangers": counts.strangers}
        for outcome, count in present.items():
            self._invites.labels(outcome).inc(count - self._told.get(outcome, 0))
        self._told = present

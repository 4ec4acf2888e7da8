"""Steps that run at once, with both kinds of failure: failed and not done, failed but done."""

from collections.abc import Callable

from rightcall.errors import Outage
from rightcall.procedures.model import Reached
from rightcall.procedures.ports import T

_PATIENCE = 20


class InlineSteps:
    """Remembers which steps ended. `fail_before` and `fail_after` name steps that fail once; `meanwhile` is what the world does
    while a step waits for an outage to end, or between rounds."""

    def __init__(
        self,
        *,
        fail_before: frozenset[str] = frozenset(),
        fail_after: frozenset[str] = frozenset(),
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self.ended: list[str] = []
        self.failed: list[str] = []
        self.told: list[Reached] = []
        self._before, self._after = set(fail_before), set(fail_after)
        self._meanwhile = meanwhile

    def run(self, name: str, deed: Callable[[], T]) -> T:
        for _ in range(_PATIENCE):
            try:
                return self._once(name, deed)
            except Outage:
                self.failed.append(name)
                self._meanwhile()
        raise AssertionError(f"the step {name} never ends")

    def sleep(self, seconds: float) -> None:
        self.ended.append(f"sleep {seconds:g}")
        assert self.ended.count(f"sleep {seconds:g}") < _PATIENCE, "it never ends"
        self._meanwhile()

    def reached(self, figures: Callable[[], Reached]) -> None:
        self.told.append(figures())

    def _once(self, name: str, deed: Callable[[], T]) -> T:
        if name in self._before:
            self._before.remove(name)
            raise Outage("failed, not done")
        result = deed()
        if name in self._after:
            self._after.remove(name)
            raise Outage("failed, but done")
        self.ended.append(name)
        return result

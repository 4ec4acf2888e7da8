"""Steps that run at once, with both kinds of failure: failed and not done, failed but done."""

from collections.abc import Callable

from rightcall.errors import Outage
from rightcall.procedures.ports import T


class InlineSteps:
    """Remembers which steps ended. `fail_before` and `fail_after` name steps that fail once."""

    def __init__(self, *, fail_before: frozenset[str] = frozenset(), fail_after: frozenset[str] = frozenset()) -> None:
        self.ended: list[str] = []
        self._before, self._after = set(fail_before), set(fail_after)

    def run(self, name: str, deed: Callable[[], T]) -> T:
        while True:
            try:
                return self._once(name, deed)
            except Outage:
                continue

    def sleep(self, seconds: float) -> None:
        self.ended.append(f"sleep {seconds}")

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

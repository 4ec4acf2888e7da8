"""Trying the scenarios of what is in force, at each controller, when the worker starts and whenever rules or law have changed."""

import logging

from rightcall.ids import ControllerId
from rightcall.policy.in_force import in_force
from rightcall.policy.showing import drifted
from rightcall.telemetry import metrics
from rightcall.wiring import House

_log = logging.getLogger(__name__)
_MOST_TOLD = 20


class Drift:
    """Remembers by which rules each controller's scenarios were tried last, and how many came out otherwise."""

    def __init__(self) -> None:
        self._tried: dict[ControllerId, tuple[bytes, int]] = {}

    def look(self, house: House) -> None:
        """What comes out otherwise is counted, and said once. A look at rules that were tried already costs one query."""
        for controller in house.controllers():
            self._look_at(house, controller)
        metrics().scenarios_drifted.set(self.found)

    @property
    def found(self) -> int:
        """How many come out otherwise, by the last look at each controller."""
        return sum(count for _, count in self._tried.values())

    def _look_at(self, house: House, controller: ControllerId) -> None:
        with house.database.transaction(controller) as tx:
            standing = in_force(tx, house.clock, house.rules)
            digest = standing.rules.digest
            if self._tried.get(controller, (b"", 0))[0] == digest:
                return
            if standing.unreadable:
                _log.critical(
                    "the house rules that were adopted cannot be read: what is right cannot be told until others are adopted",
                    extra={"controller": str(controller)},
                )
            findings = drifted(tx, standing, house.settings.rules)
        self._tried[controller] = (digest, len(findings))
        if findings:
            _log.error(
                "scenarios of the rules in force come out otherwise than they say; `rightcall rules check` shows how",
                extra={"controller": str(controller), "scenarios": sorted(each.file for each in findings)[:_MOST_TOLD]},
            )

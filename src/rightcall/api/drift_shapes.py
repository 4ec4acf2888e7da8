"""How proposed rules make situations come out otherwise, as it is answered: counts, and the first of them."""

from collections.abc import Sequence

from rightcall.api.forms import Shape
from rightcall.policy.trying.drift import Drift, Otherwise, by_rule

_FIRST = 20


class OtherwiseShape(Shape):
    """One situation. `lines`: - what no longer comes out, + what does now."""

    file: str
    says: str
    rule: str
    lines: list[str]


class ComparedShape(Shape):
    """`count` situations, `turned` of them with another answer; `by_rule`: how many for each rule; `first`: twenty at most."""

    count: int
    turned: int
    by_rule: dict[str, int]
    first: list[OtherwiseShape]


class DriftShape(Shape):
    """The situations that come with Rightcall, `tried` of them, under the proposed rules. `from_expected`: otherwise than they
    expect. `from_in_force`: otherwise than by the rules in force now; null where these cannot be read."""

    tried: int
    from_expected: ComparedShape
    from_in_force: ComparedShape | None


def drift_shape(drift: Drift) -> DriftShape:
    return DriftShape(
        tried=drift.tried,
        from_expected=_compared(drift.from_expected),
        from_in_force=None if drift.from_in_force is None else _compared(drift.from_in_force),
    )


def _compared(several: Sequence[Otherwise]) -> ComparedShape:
    return ComparedShape(
        count=len(several),
        turned=sum(each.is_turned for each in several),
        by_rule=dict(by_rule(several)),
        first=[OtherwiseShape.model_validate(each) for each in several[:_FIRST]],
    )

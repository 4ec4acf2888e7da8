"""What a situation has otherwise that is like another: said beside the sentence of the other one, which is not true of it alone.
Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

_NO_FACTS = {"says", "why", "drawn_from", "expect", "since"}


def otherwise(first: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts that the other one has otherwise, as they are written; none where it says in a sentence of its own what it is."""
    if first.get("says") != other.get("says"):
        return ()
    facts = [name for name in dict.fromkeys([*first, *other]) if name not in _NO_FACTS]
    return tuple(said for name in facts for said in _differ(name.replace("_", " "), first.get(name), other.get(name)))


def _differ(name: str, was: object, now: object) -> Iterator[str]:
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict):
        for each in dict.fromkeys([*was, *now]):
            yield from _differ(f"{name} {each}".replace("_", " "), was.get(each), now.get(each))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now) and all(isinstance(each, dict) for each in was):
        for nth, (one, other) in enumerate(zip(was, now, strict=True), start=1):
            yield from _differ(f"{name} {nth}", one, other)
    else:
        yield f"{name} {_as_written(now)}"


def _as_written(value: object) -> str:
    match value:
        case None:
            return "not said"
        case bool():
            return "yes" if value else "no"
        case dict():
            return " ".join(f"{name} {_as_written(each)}" for name, each in value.items()).replace("_", " ")
        case list():
            return " and ".join(map(_as_written, value)) or "none"
    return str(value).replace("_", " ")

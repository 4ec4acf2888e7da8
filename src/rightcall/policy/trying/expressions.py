"""Conditions of rules as Cedar writes them in JSON, and as people read them.

Deliberately elsewhere: reading whole rules (reading.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Expression = dict[str, Any]
"""One operator over what it works on, such as {"==": {"left": …, "right": …}}."""

_SIDES = ("left", "right", "arg", "if", "then", "else")
_CHAINS = ("&&", "||")
_CALLS = ("contains", "containsAll", "containsAny")


def parts_of(expression: Expression) -> Iterator[Expression]:
    """The expressions right within this one."""
    ((_, body),) = expression.items()
    if isinstance(body, list):
        yield from body
    elif isinstance(body, Mapping):
        yield from (body[side] for side in _SIDES if side in body)


def paths_in(expression: Expression) -> Iterator[str]:
    """Every fact that it reads, such as `speaker.answer`."""
    path = _path(expression)
    if path is not None:
        yield path
        return
    for part in parts_of(expression):
        yield from paths_in(part)


def _path(expression: Expression) -> str | None:
    if "." not in expression and "has" not in expression:
        return None
    ((_, body),) = expression.items()
    if body["left"] == {"Var": "context"}:
        return str(body["attr"])
    above = _path(body["left"])
    return None if above is None else f"{above}.{body['attr']}"


def constants_in(expression: Expression) -> Iterator[Any]:
    if "Value" in expression:
        yield expression["Value"]
    for part in parts_of(expression):
        yield from constants_in(part)


def links(operator: str, expression: Expression) -> list[Expression]:
    """The links of a chain: of a && b && c they are a, b, c."""
    if operator not in expression:
        return [expression]
    return [*links(operator, expression[operator]["left"]), *links(operator, expression[operator]["right"])]


def chained(operator: str, parts: Sequence[Expression]) -> Expression:
    first, *others = parts
    for other in others:
        first = {operator: {"left": first, "right": other}}
    return first


def text_of(expression: Expression) -> str:
    """An expression as people write it, without `context.`"""
    ((operator, body),) = expression.items()
    write = _WRITTEN.get(operator)
    if write is not None:
        return write(body)
    if operator in _CHAINS:
        return f" {operator} ".join(_closed(each) for each in links(operator, expression))
    if operator in _CALLS:
        return f"{text_of(body['left'])}.{operator}({text_of(body['right'])})"
    if operator == ".":
        return _path(expression) or f"{text_of(body['left'])}.{body['attr']}"
    if "right" in body:
        return f"{text_of(body['left'])} {operator} {text_of(body['right'])}"
    return f"{operator}({', '.join(text_of(each) for each in parts_of(expression))})"


def _like(body: Mapping[str, Any]) -> str:
    pattern = "".join("*" if each == "Wildcard" else each["Literal"] for each in body["pattern"])
    return f'{text_of(body["left"])} like "{pattern}"'


def _closed(expression: Expression) -> str:
    return f"({text_of(expression)})" if any(each in expression for each in _CHAINS) else text_of(expression)


def _constant(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return f'{value["__entity"]["type"]}::"{value["__entity"]["id"]}"'
    return f'"{value}"' if isinstance(value, str) else str(value)


_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "Value": _constant,
    "Var": str,
    "Set": lambda body: f"[{', '.join(text_of(each) for each in body)}]",
    "has": lambda body: f"{text_of(body['left'])} has {body['attr']}",
    "!": lambda body: f"!{_closed(body['arg'])}",
    "like": _like,
    "isEmpty": lambda body: f"{text_of(body['arg'])}.isEmpty()",
}

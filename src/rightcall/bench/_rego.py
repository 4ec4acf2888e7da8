"""Our rules in Rego, for a peer to weigh: each rule's condition as it is, in the words of the other language.

A condition is taken apart into alternatives of plain tests, since Rego says `or` by saying a rule twice. Every rule is asked as a
permit, as policy/rules.py has Cedar asked: what is named are the rules whose condition holds.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rightcall.errors import Breach
from rightcall.policy.model import Rule

Tree = Mapping[str, Any]
Alternatives = list[list[str]]
_PLAIN = {"==": "==", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "!=": "!="}
_NOT = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def in_rego(rules: Iterable[Rule]) -> str:
    """A module whose `speaking` is the set of ids of the rules whose condition holds. The input: facts, and `act`."""
    lines = ["package rightcall", "import rego.v1"]
    for rule in rules:
        acts = ", ".join(json.dumps(act.value) for act in sorted(rule.acts))
        for tests in _alternatives(json.loads(rule.canonical)[1]["conditions"]):
            body = "; ".join([f"input.act in {{{acts}}}", *tests])
            lines.append(f"speaking contains {json.dumps(rule.id)} if {{ {body} }}")
    return "\n".join(lines)


def _alternatives(conditions: Iterable[Tree]) -> Alternatives:
    found: Alternatives = [[]]
    for condition in conditions:
        found = _both(found, _tests(condition["body"], holds=condition["kind"] == "when"))
    return found


def _both(left: Alternatives, right: Alternatives) -> Alternatives:
    return [[*one, *other] for one in left for other in right]


def _tests(tree: Tree, *, holds: bool) -> Alternatives:
    """The tree as alternatives, each a list of tests that all have to hold."""
    ((kind, inside),) = tree.items()
    if kind == "!":
        return _tests(inside["arg"], holds=not holds)
    if kind in ("&&", "||"):
        left, right = (_tests(inside[side], holds=holds) for side in ("left", "right"))
        return _both(left, right) if (kind == "&&") is holds else [*left, *right]
    return [[_test(kind, inside, holds=holds)]]


def _test(kind: str, inside: Any, *, holds: bool) -> str:
    if kind in _PLAIN:
        return f"{_term(inside['left'])} {_PLAIN[kind] if holds else _NOT[kind]} {_term(inside['right'])}"
    if kind == "has":
        return f"object.get({_term(inside['left'])}, {json.dumps(inside['attr'])}, null) {'!=' if holds else '=='} null"
    if kind == "contains":
        return f"{'' if holds else 'not '}{_term(inside['right'])} in {_term(inside['left'])}"
    if kind == "containsAll":
        outside = f"count([y | some y in {_term(inside['right'])}; not y in {_term(inside['left'])}])"
        return f"{outside} == 0" if holds else f"{outside} > 0"
    if kind == "containsAny":
        shared = f"count([y | some y in {_term(inside['right'])}; y in {_term(inside['left'])}])"
        return f"{shared} > 0" if holds else f"{shared} == 0"
    if kind == "isEmpty":
        return f"count({_term(inside['arg'])}) {'==' if holds else '>'} 0"
    if kind == "like":
        pattern = "".join("*" if part == "Wildcard" else part["Literal"] for part in inside["pattern"])
        return f"{'' if holds else 'not '}glob.match({json.dumps(pattern)}, null, {_term(inside['left'])})"
    return f"{_term({kind: inside})} == {'true' if holds else 'false'}"


def _term(tree: Tree) -> str:
    ((kind, inside),) = tree.items()
    if kind == "Var" and inside == "context":
        return "input"
    if kind == "Var" and inside == "action":
        return "input.act"
    if kind == ".":
        return f"{_term(inside['left'])}.{inside['attr']}"
    if kind == "Set":
        return f"[{', '.join(_term(each) for each in inside)}]"
    if kind == "Value" and isinstance(inside, Mapping):
        return json.dumps(inside["__entity"]["id"])
    if kind == "Value":
        return json.dumps(inside)
    raise Breach(f"The bench cannot say {kind} in Rego. Teach it, or measure without the peer.")

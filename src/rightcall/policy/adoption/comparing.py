"""What a proposal changes, rule by rule, in plain words: for whoever is to sign it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rightcall.policy.adoption.model import Changed, Part, RuleChange
from rightcall.policy.model import Duty, Effect, Rule

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|\b(?:when|unless)\b\s*\{|[^"/wu]+|.', re.DOTALL)
_BEGINS = re.compile(r"(?:when|unless)\s*\{")


def differences(was: Iterable[Rule], proposed: Iterable[Rule]) -> list[RuleChange]:
    """By rule id. Spaces, comments and the order of files are no difference."""
    before, after = {rule.id: rule for rule in was}, {rule.id: rule for rule in proposed}
    changes = [_one(before.get(id), after.get(id)) for id in sorted(before.keys() | after.keys())]
    return [each for each in changes if each is not None]


def described(rule: Rule) -> Mapping[str, str]:
    """What a rule is, in plain words, in the order in which a person reads it."""
    return {
        "says": rule.says,
        "instead": rule.instead,
        "value": rule.ground,
        "does": "stops" if rule.effect is Effect.FORBID else "adds duties",
        "acts": ", ".join(sorted(rule.acts)),
        "condition": condition(rule),
        "duties": ", ".join(_duty(each) for each in rule.duties),
        "places": ", ".join(sorted(rule.jurisdictions)) or "everywhere",
        "owner": rule.owner,
        "in force from": rule.in_force_from.isoformat(),
        "last checked": rule.last_checked.isoformat(),
    }


def condition(rule: Rule) -> str:
    """Its `when` and `unless` as they are written, on one line, without comments; "always" where it has none."""
    tokens = _TOKEN.findall(rule.source)
    begins = next((place for place, token in enumerate(tokens) if _BEGINS.fullmatch(token)), None)
    if begins is None:
        return "always"
    text = "".join(token for token in tokens[begins:] if not token.startswith("//"))
    return " ".join(text.split()).removesuffix(";").rstrip()


def said(changes: Sequence[RuleChange]) -> list[str]:
    """A line for each change, and one for each part of it."""
    lines = []
    for change in changes:
        lines.append(f"{change.kind}: {change.rule}")
        lines += [_part(change.kind, part) for part in change.parts]
    return lines


def _one(was: Rule | None, is_now: Rule | None) -> RuleChange | None:
    if was is not None and is_now is not None and was.canonical == is_now.canonical:
        return None
    before, after = ({} if each is None else described(each) for each in (was, is_now))
    parts = [
        Part(name=name, was=before.get(name), is_now=after.get(name))
        for name in (before or after)
        if before.get(name) != after.get(name) and (before.get(name) or after.get(name))
    ]
    rule = is_now or was
    assert rule is not None  # noqa: S101 - an id of one of both
    kind = Changed.ADDED if was is None else Changed.REMOVED if is_now is None else Changed.CHANGED
    return RuleChange(kind=kind, rule=rule.id, says=rule.says, parts=tuple(parts))


def _part(kind: Changed, part: Part) -> str:
    if kind is Changed.CHANGED:
        return f"    {part.name}: {part.was or '-'}  ->  {part.is_now or '-'}"
    return f"    {part.name}: {part.is_now if kind is Changed.ADDED else part.was}"


def _duty(duty: Duty) -> str:
    return duty.kind.value if duty.days is None else f"{duty.kind.value}={duty.days}"

"""What keeps a verdict from being told, in plain words, and what would help.

A name of `missing` is that of a fact, of a place without a law pack, of a rule that erred, or of house rules that are gone.
"""

from collections.abc import Mapping

from rightcall.policy.counterfactual import plain_words
from rightcall.policy.in_force import HOUSE_RULES
from rightcall.policy.model import RuleSet
from rightcall.policy.vocabulary import is_yes_or_no

_LAW_PACK, _RULE = "law_pack:", "rule:"
_WHOLE: Mapping[str, str] = {
    HOUSE_RULES: "Not known: what is right, since the adopted house rules can no longer be read. Adopt others.",
    "review_in_force": "No review of this purpose is in force. Have one drafted, and signed by people in two roles.",
}
_RECORDS: Mapping[str, str] = {
    "actor": "who does it",
    "analysis": "how it would be analysed",
    "breach": "what is known of the breach",
    "contact": "what kind of call we would make, and what the person said to being rung",
    "design": "how people would be asked, and how they can answer",
    "destruction": "what was destroyed, and how that was confirmed",
    "handover": "to whom it would go, and on what terms",
    "origin": "where it came from, and whether the person was told",
    "purpose": "the purpose",
    "request": "what the person asked for, and how long ago",
    "speaker": "whose words these are",
}


def not_known(name: str, rules: RuleSet | None = None) -> str:
    """One sentence or two. `rules`: those that were asked, so that one that erred is told by its file and line."""
    if name in _WHOLE:
        return _WHOLE[name]
    if name.startswith(_LAW_PACK):
        place = name.removeprefix(_LAW_PACK)
        return (
            f"No law pack for {place}: what is lawful there is not known. Ask a lawyer. Until there is one, nothing is recorded."
        )
    if name.startswith(_RULE):
        return _erred(name.removeprefix(_RULE), rules)
    words = _RECORDS.get(name) or plain_words().get(name, name)
    return f"Not known: {'whether ' if is_yes_or_no(name) else ''}{words} ({name})."


def _erred(id: str, rules: RuleSet | None) -> str:
    places = [f"{rule.file}:{rule.line}: " for rule in (() if rules is None else rules.rules) if rule.id == id]
    where = places[0] if places else ""
    return (
        f"{where}The rule {id} cannot be worked out on these facts: a number is too large for it, for example. Until it is mended"
        " the answer is no. Mend its condition, and add a scenario with facts such as these."
    )

"""What keeps a verdict from being told, in plain words, and what would help.

A name of `missing` is that of a fact, of a place without a law pack, of a rule that erred, or of house rules that are gone.
"""

from collections.abc import Mapping

from rightcall.policy.in_force import HOUSE_RULES
from rightcall.policy.model import RuleSet
from rightcall.policy.otherwise import plain_words
from rightcall.policy.vocabulary import is_yes_or_no

_LAW_PACK, _RULE = "law_pack:", "rule:"
_WHOLE: Mapping[str, str] = {
    HOUSE_RULES: "Not known: what is right, since the adopted house rules can no longer be read. Adopt others.",
    "review_in_force": "No review of this purpose is in force. Have one drafted, and signed by people in two roles.",
}
_MEANT: Mapping[str, str] = {
    "term_over": "the last day that it may be kept for",
    "purpose": "what it is done for",
    "actor": "who does it",
    "speaker": "whose words these are, and what they answered",
    "everyone": "who takes part, and what they answered",
    "outsiders": "which customers and third parties take part, and what they answered",
    "staff": "which of your own people take part, and what they answered",
    "design": "how the purpose is set up and asked for",
    "analysis": "what the analysis looks for, and whether people are told",
    "handover": "to whom it goes, and on what terms",
    "contact": "what the person said to being rung, and what the call is for",
    "origin": "where the data came from, and whether the person knows",
    "request": "what was asked for, and since when",
    "keeping": "why it is kept, by which law, and whether the person wants it gone",
    "extending": "for how many days it is to be kept, and by which law",
    "breach": "when the breach became known, and whom it puts at risk",
    "destruction": "how it was destroyed, and who looked afterwards",
}
"""What is meant where a whole record of facts is missing, or a fact that follows from another."""


def not_known(name: str, rules: RuleSet | None = None) -> str:
    """One sentence or two. `rules`: those that were asked, so that one that erred is told by its file and line."""
    said = in_words(name, rules)
    is_fact = name not in _WHOLE and not name.startswith((_LAW_PACK, _RULE))
    return f"{said.removesuffix('.')} ({name})." if is_fact else said


def in_words(name: str, rules: RuleSet | None = None) -> str:
    """The same for whoever knows no names of facts."""
    if name in _WHOLE:
        return _WHOLE[name]
    if name.startswith(_LAW_PACK):
        place = name.removeprefix(_LAW_PACK)
        return (
            f"No law pack for {place}: what is lawful there is not known. Ask a lawyer. Until there is one, nothing is recorded."
        )
    if name.startswith(_RULE):
        return _erred(name.removeprefix(_RULE), rules)
    if name in _MEANT:
        return f"Not known: {_MEANT[name]}."
    return f"Not known: {'whether ' if is_yes_or_no(name) else ''}{plain_words().get(name, name)}."


def _erred(id: str, rules: RuleSet | None) -> str:
    places = [f"{rule.file}:{rule.line}: " for rule in (() if rules is None else rules.rules) if rule.id == id]
    where = places[0] if places else ""
    return (
        f"{where}The rule {id} cannot be worked out on these facts: a number is too large for it, for example. Until it is mended"
        " the answer is no. Mend its condition, and add a scenario with facts such as these."
    )

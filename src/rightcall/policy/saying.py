"""What rules say, in the language of whoever reads it: a rule carries its words in other languages itself, so they are drafted,
tried and adopted with it (docs/adr/0062-rules-in-other-words.md). Where it has none in that language, its own words stand, marked
as of their language (WCAG 2.2, 3.1.2)."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from jinja2 import pass_context
from jinja2.runtime import Context

from rightcall.design.sheets import own, worded
from rightcall.languages import Text, text_for
from rightcall.policy.model import Rule, RuleSet

Ruled: TypeAlias = Mapping[str, Text]
"""By what a rule says of its own. So words are never told by a translation of others, and what a rule said that is in force no
more stands as it was said."""


@lru_cache(maxsize=64)
def ruled_in(rules: RuleSet, language: str) -> Ruled:
    return {own_words: text for rule in rules.rules for own_words, text in _of(rule, language)}


def _of(rule: Rule, language: str) -> Iterator[tuple[str, Text]]:
    parts = (
        (rule.ground, {each: words.ground for each, words in rule.others.items() if words.ground}),
        (rule.says, {each: words.says for each, words in rule.others.items()}),
        (rule.instead, {each: words.instead for each, words in rule.others.items()}),
    )
    for own_words, others in parts:
        text = text_for({**others, rule.language: own_words}, language, rule.language)
        if text is not None:
            yield own_words, text


@pass_context
def ruled(context: Context, words: str) -> str:
    """The filter of pages: they are given `ruled`, what there is in their language."""
    known: Ruled = context["ruled"]
    return worded(context, known[words]) if words in known else own(context, words)

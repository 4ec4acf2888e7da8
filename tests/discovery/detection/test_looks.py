"""One look over a text rules out only what is not there."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from rightcall.bench._corpora.parts import documents
from rightcall.discovery.detection import rules
from rightcall.discovery.detection.context import mentioning
from rightcall.discovery.detection.looks import Looks, spans
from rightcall.discovery.detection.spoken.listening import signs, with_zeros
from tests.discovery.detection.corpus import lines

_EXPRESSIONS = {"digits": b"[0-9]{2,}", "word": rb"\bone\b", "mail": b"@|%40", "end": b"x$"}
_TEXTS = st.lists(st.sampled_from(["one", "12", "3", "@", "%40", "x", " ", "\n", "é"])).map(
    lambda pieces: "".join(pieces).encode("latin-1")
)


@given(_TEXTS)
def test_it_tells_what_each_expression_would_tell_by_itself(text: bytes) -> None:
    there = {name for name, expression in _EXPRESSIONS.items() if re2.compile(expression, _latin()).search(text) is not None}
    assert Looks(_EXPRESSIONS).over(text) == there


@given(_TEXTS)
def test_spans_are_those_of_the_matches(text: bytes) -> None:
    for expression in _EXPRESSIONS.values():
        compiled = re2.compile(expression, _latin())
        assert list(spans(compiled, text)) == [match.span() for match in compiled.finditer(text)]


class _Silent:
    """As RE2 answers where it has no room for a text's states."""

    def Match(self, text: bytes) -> None:  # RE2's name
        return None


def test_where_a_look_goes_wrong_everything_may_be_there() -> None:
    look = Looks(_EXPRESSIONS)
    assert look.over(b"") == set()
    look._set = _Silent()
    assert look.over(b"") == set(_EXPRESSIONS)


def test_nothing_is_missed_for_what_a_look_rules_out(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [line.text for line in lines()] + [each.text for each in documents("seen", 60, seed=5)]
    found = [rules.detect(text) for text in texts]
    everything = frozenset((*mentioning(), *rules._BEGINNINGS, *signs())) - {with_zeros}
    monkeypatch.setattr(rules, "_look", lambda text: everything)
    assert [rules.detect(text) for text in texts] == found


def _latin() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return options

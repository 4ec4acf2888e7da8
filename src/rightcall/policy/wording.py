"""What is wrong with the text of a rule, for somebody who is no programmer: where it is, and what to write instead.

Cedar decides whether a rule is well formed and its words are known; its own words are for programmers. This looks at the text of
a rule that it refused. Where nothing is found here, Cedar's word stands. Deliberately elsewhere: reading rules (reading.py).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rightcall.policy.model import Act
from rightcall.policy.near import near
from rightcall.policy.vocabulary import facts_in, kinds, values_of

LEXEME = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|;|[^";/]+|.', re.DOTALL)
"""Strings and comments whole, semicolons alone."""
_SHOWN = "docs/howto/house-rules.md shows a rule that is whole."
_LISTED = "docs/reference/rules.md lists acts, facts and words."
_ENTITY = re.compile(r'\b([A-Z][A-Za-z]*)::"([^"\n]*)"')
_PATH = re.compile(r"\bcontext\.([A-Za-z_]+(?:\.[A-Za-z_]+\b(?!\s*\())?)")
_NO_END = re.compile(r"(?:\}|\bresource\s*\))(?=\s*(?:@|permit\b|forbid\b))")
_BARE = re.compile(r'\b([A-Z][A-Za-z]*)::(?!")([A-Za-z_]+)')
_EFFECT = re.compile(r"invalid policy effect: (\w+)")
_MEMBER = re.compile(r"invalid member access `(\w+)\.")
_SIGNS = {"and": "&&", "or": "||", "not": "!"}
_SPELT_OUT = re.compile(r"\b(?:and|or|not)\b")
_VARIABLE = re.compile(r"invalid variable: (\w+)")
_HEAD = re.compile(r"expected an entity uid with type `Action` but got `(\w+)::")
_KINDS = re.compile(r"the types (\S+) and (\S+) are not compatible")
_QUOTE = re.compile(r'(?<!\\)"')
_PAIRS = (("(", ")"), ("{", "}"), ("[", "]"))
_TOKEN = re.compile(r"\w+|[^\w\s]")
_OPENS, _CLOSES = ({pair[side] for pair in _PAIRS} for side in (0, 1))
_MOST_WORDS = 1_000
_DEEPEST = 30
_PLAIN = {"Bool": "true or false", "String": "text", "Long": "a number"}


@dataclass(frozen=True, slots=True)
class Fault:
    """`at`: how many characters into the text of the rule it is; None where that is not known."""

    at: int | None
    problem: str
    advice: str


def too_large(text: str) -> Fault | None:
    """Cedar takes a rule apart by going down into it, and does not come back from too far down."""
    depth = 0
    for number, match in enumerate(_TOKEN.finditer(_bare(text)), 1):
        depth += (match.group() in _OPENS) - (match.group() in _CLOSES)
        if number > _MOST_WORDS or depth > _DEEPEST:
            problem = f"This rule is too large: over {_MOST_WORDS} words and signs, or {_DEEPEST} brackets within one another."
            return Fault(match.start(), problem, "Make several rules of it.")
    return None


def of_form(text: str, cedar: str) -> Fault:
    """Why a text is no rule. `cedar` is what Cedar says of it."""
    bare = _bare(text)
    for find in (_quotes, _end, _effect, _head, _braces, _comparison, _words_in_quotes, _member, _spelt_out, _variable, _pairs):
        fault = find(text, bare, cedar)
        if fault is not None:
            return fault
    return Fault(None, f"This is not a Cedar policy: {cedar.strip().rstrip('.')}.", _SHOWN)


def of_words(text: str, cedar: Iterable[str]) -> list[Fault]:
    """Which of a rule's words there are not. `cedar` is what Cedar says of them, for what is not found here."""
    bare = _bare(text, keep_words=True)
    found = [*_unknown_words(bare), *_unknown_facts(bare)]
    if found:
        return sorted(set(found), key=lambda fault: (fault.at or 0, fault.problem))
    problems = [_KINDS.sub(lambda match: _unlike(match.group(1), match.group(2)), each) for each in cedar]
    condition = re.search(r"\b(when|unless)\b", bare)
    at = None if condition is None else condition.start()
    return [Fault(at, f"It does not fit the facts that it reads: {'; '.join(sorted(set(problems)))}.", _LISTED)]


def of_act(name: str) -> str:
    """That there is no such act, and which there are."""
    return f"There is no act {name}.{near(name, Act)} Acts are {', '.join(Act)}."


def _bare(text: str, *, keep_words: bool = False) -> str:
    """The text with blanks in place of comments and of what stands in quotes; on request the words of an enumeration stay."""
    parts, before = [], ""
    for match in LEXEME.finditer(text):
        lexeme = match.group()
        is_word = keep_words and before.endswith("::")
        hides = lexeme.startswith("//") or (len(lexeme) > 1 and lexeme.startswith('"') and not is_word)
        parts.append(re.sub(r"[^\n]", " ", lexeme) if hides else lexeme)
        before = lexeme
    return "".join(parts)


def _unknown_words(text: str) -> Iterator[Fault]:
    for match in _ENTITY.finditer(text):
        kind, word = match.groups()
        if kind == "Action":
            if word not in set(Act):
                yield Fault(match.start(), of_act(word), _LISTED)
        elif kind not in kinds():
            problem = f"There is no kind of word {kind}.{near(kind, kinds())} Kinds are {', '.join(kinds())}."
            yield Fault(match.start(), problem, _LISTED)
        elif word not in values_of(kind):
            listed = ", ".join(values_of(kind))
            yield Fault(
                match.start(), f'There is no {kind}::"{word}".{near(word, values_of(kind))}', f"{kind} is one of {listed}."
            )


def _unknown_facts(text: str) -> Iterator[Fault]:
    """Not looked for where an act is unknown: what comes with it nobody can tell."""
    named = {word for kind, word in _ENTITY.findall(text) if kind == "Action"}
    if not named <= set(Act):
        return
    acts = [act for act in Act if act.value in named] or list(Act)
    anywhere = {path for act in Act for path in _facts(act)}
    for match in _PATH.finditer(text):
        path = match.group(1)
        without = [act for act in acts if path not in _facts(act)]
        if path not in anywhere:
            known = {each for act in acts for each in facts_in(act)}
            yield Fault(match.start(), f"There is no fact {path}.{near(path, known)}", _LISTED)
        elif without:
            problem = f"The fact {path} does not come with {', '.join(without)}, so the rule could never tell there."
            yield Fault(match.start(), problem, _LISTED)


def _facts(act: Act) -> set[str]:
    paths = facts_in(act)
    return {*paths, *(path.partition(".")[0] for path in paths)}


def _unlike(one: str, other: str) -> str:
    asks = " Of a set ask with .contains(…)." if "Set<" in one + other else ""
    first, second = sorted((_plain(one), _plain(other)))
    return f"it compares {first} with {second}.{asks}".rstrip(".")


def _plain(kind: str) -> str:
    if kind.startswith("Set<"):
        return f"a set of {kind[4:-1]}"
    return _PLAIN.get(kind, kind)


def _quotes(text: str, bare: str, _: str) -> Fault | None:
    for strange in "“”„‘’'":
        if strange in bare:
            return Fault(bare.index(strange), f"Words stand in straight double quotes, and this is {strange}.", 'Write "…".')
    begins = 0
    for line in text.splitlines(keepends=True):
        if not line.lstrip().startswith("//") and len(_QUOTE.findall(line)) % 2:
            return Fault(begins, 'A quote " is opened on this line and not closed.', 'Every text stands between two: "…".')
        begins += len(line)
    return None


def _end(_: str, bare: str, __: str) -> Fault | None:
    """The semicolon is what people forget first."""
    within = _NO_END.search(bare)
    if within is not None:
        return Fault(within.end() - 1, "The rule that ends here does not end with ;", "Write ; after it, as in };")
    if not bare.rstrip().endswith(";"):
        return Fault(
            max(len(bare.rstrip()) - 1, 0), "The rule ends here and does not end with ;", f"Write ; at its end. {_SHOWN}"
        )
    return None


def _effect(_: str, bare: str, cedar: str) -> Fault | None:
    found = _EFFECT.search(cedar)
    if found is None:
        return None
    word = found.group(1)
    return Fault(bare.find(word), f"A rule begins with forbid or permit, and not with {word}.", _SHOWN)


def _head(_: str, bare: str, cedar: str) -> Fault | None:
    found = _HEAD.search(cedar)
    if found is None:
        return None
    return Fault(bare.find(f"{found.group(1)}::"), "What it is about is no act.", 'Write action == Action::"play", for example.')


def _member(_: str, bare: str, cedar: str) -> Fault | None:
    found = _MEMBER.search(cedar)
    if found is None:
        return None
    return Fault(
        bare.find(f"{found.group(1)}."), f"Nothing is called {found.group(1)}.", f"A fact begins with context. {_LISTED}"
    )


def _spelt_out(_: str, bare: str, cedar: str) -> Fault | None:
    found = _SPELT_OUT.search(bare) if "unexpected token" in cedar else None
    if found is None:
        return None
    word = found.group()
    return Fault(found.start(), f"There is no word `{word}` here.", f"Write {_SIGNS[word]} for {word}. {_SHOWN}")


def _variable(_: str, bare: str, cedar: str) -> Fault | None:
    found = _VARIABLE.search(cedar)
    if found is None:
        return None
    word = found.group(1)
    stands = re.search(rf"\b{re.escape(word)}\b", bare)
    at = None if stands is None else stands.start()
    return Fault(at, f"Nothing is called {word}.", f'A fact begins with context., text stands in "quotes". {_LISTED}')


def _braces(_: str, bare: str, __: str) -> Fault | None:
    found = re.search(r"\b(when|unless)\s*(?=[^\s{])", bare)
    if found is None:
        return None
    return Fault(found.start(), f"After {found.group(1)} the condition stands in {{ }}.", f"Write {found.group(1)} {{ … }}.")


def _comparison(_: str, bare: str, __: str) -> Fault | None:
    found = re.search(r"(?<![=!<>])=(?!=)", bare)
    return None if found is None else Fault(found.start(), "A single = compares nothing.", "Write == for is, != for is not.")


def _words_in_quotes(_: str, bare: str, __: str) -> Fault | None:
    found = _BARE.search(bare)
    if found is None:
        return None
    kind, word = found.groups()
    return Fault(found.start(), f"The word after {kind}:: has no quotes.", f'Write {kind}::"{word}".')


def _pairs(_: str, bare: str, __: str) -> Fault | None:
    for opens, closes in _PAIRS:
        if bare.count(opens) != bare.count(closes):
            problem = f"It has {bare.count(opens)} {opens} and {bare.count(closes)} {closes}."
            return Fault(None, problem, f"Each {opens} is closed by a {closes}.")
    return None

"""The pages of a package, in the person's words: what is told of things and calls as headings, lines and sounds, whatever they
are printed on. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rightcall.controllers.model import Controller
from rightcall.design.tongues import Tongue
from rightcall.design.wording import Words, words_in
from rightcall.holdings.categories import category_named
from rightcall.holdings.naming import category_in
from rightcall.requests.packages.model import Counts

_FOLDER = Path(__file__).parent / "words"
_LET_GO = ("grant_destroyed", "term_over", "subject_erased")
"""Why the bytes of what is dark are to be deleted: not because a key service lost a key."""
Told = Mapping[str, Any]
"""A record as `records` makes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The words of a package in one language, and its days and moments as that language writes them."""

    words: Words
    tongue: Tongue

    @property
    def language(self) -> str:
        return self.words.language

    def say(self, *path: str, **named: object) -> str:
        return self.words.say(*path, **named)

    def has(self, *path: str) -> bool:
        return self.words.has(*path)

    def moment(self, at: str) -> str:
        return self.tongue.moment(datetime.fromisoformat(at))

    def day(self, on: str | None) -> str:
        return self.say("unknown") if on is None else self.tongue.day(date.fromisoformat(on))

    def day_of(self, at: str) -> str:
        return self.tongue.day(datetime.fromisoformat(at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`says`: one, or several."""

    name: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """To a file in the package. `is_sound`: it can be played where it stands."""

    file: str
    name: str
    is_sound: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`value`: what the thing says, word for word."""

    title: str
    lines: tuple[Line, ...] = ()
    links: tuple[Link, ...] = ()
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`back`: the words of the way to the first page, None on that page. `rules`: sentences of rules, which are in English."""

    language: str
    title: str
    says: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    back: str | None = None
    rules: frozenset[str] = frozenset()


def words_for(language: str) -> Words:
    return words_in(_FOLDER, language)


def things(told: Sequence[Told], tongue: Tongue, controller: Controller, number: int) -> Sheet:
    words = Voice(words=words_for(tongue.code), tongue=tongue)
    return Sheet(
        language=tongue.code,
        title=f"{words.say('things')}: {words.say('page', number=number)}",
        cards=tuple(_thing(each, words, controller) for each in sorted(told, key=_is_over)),
        back=words.say("back"),
        rules=_rules_of(*(use["verdict"] for each in told for use in each.get("used_by", ())))
        | {_rule_in(each["in_package"]["reason"]) for each in told} - {""},
    )


def calls(told: Sequence[Told], tongue: Tongue, number: int) -> Sheet:
    words = Voice(words=words_for(tongue.code), tongue=tongue)
    return Sheet(
        language=tongue.code,
        title=f"{words.say('calls')}: {words.say('page', number=number)}",
        cards=tuple(_call(each, words) for each in told),
        back=words.say("back"),
        rules=_rules_of(*(one for each in told for one in each.get("verdicts", ()))),
    )


def uses(told: Sequence[Told], tongue: Tongue, number: int) -> Sheet:
    words = Voice(words=words_for(tongue.code), tongue=tongue)
    return Sheet(
        language=tongue.code,
        title=f"{words.say('uses')}: {words.say('page', number=number)}",
        cards=(Card(title=words.say("used_by"), lines=(Line(name=words.say("used_by"), says=_uses(told, words)),)),),
        back=words.say("back"),
        rules=_rules_of(*(each["verdict"] for each in told)),
    )


def processors(told: Sequence[Told], tongue: Tongue, number: int) -> Sheet:
    words = Voice(words=words_for(tongue.code), tongue=tongue)
    return Sheet(
        language=tongue.code,
        title=f"{words.say('processors')}: {words.say('page', number=number)}",
        cards=tuple(_processor(each, words) for each in told),
        back=words.say("back"),
    )


def _processor(told: Told, words: Voice) -> Card:
    expected = words.say("unknown") if told["expected_at"] is None else words.moment(told["expected_at"])
    lines = (
        Line(name=words.say("processor_asked"), says=(words.moment(told["asked_at"]),)),
        Line(name=words.say("processor_expected"), says=(expected,)),
        Line(name=words.say("became"), says=_came(told, words)),
    )
    links = () if told["file"] is None else (Link(file=told["file"], name=words.say("processor_copy")),)
    return Card(title=told["processor"], lines=lines, links=links, value=None if links else told["link"])


def _came(told: Told, words: Voice) -> tuple[str, ...]:
    if told["file"] is not None:
        return (words.say("processor", "fetched"),)
    why = () if told["not_fetched"] is None else (words.say("not_fetched", told["not_fetched"]),)
    return (words.say("processor", told["answer"], until=words.moment(told["waited_until"])), *why)


def front(told: Told, tongue: Tongue, controller: Controller, counts: Counts, kind: str) -> Sheet:
    """`told`: what the person is known by, and which pages there are."""
    words = Voice(words=words_for(tongue.code), tongue=tongue)
    known = tuple(Line(name=words.say("identifier", each["kind"]), says=(each["value"],)) for each in told["known_by"])
    known = known or (Line(name=words.say("known_by"), says=(words.say("known_by_records"),)),)
    pages = tuple(
        Link(file=each["file"], name=f"{words.say(each['of'])}: {words.say('page', number=each['number'])}")
        for each in told["pages"]
    )
    says = [
        words.say("made", at=words.moment(told["made_at"]), request=told["request"]),
        words.say("counts", things=counts.held, given=counts.given),
        *([words.say("counts_ended", number=counts.ended)] if counts.ended else []),
        *([words.say("counts_of_another", number=counts.of_another)] if counts.of_another else []),
        *([words.say("counts_doubtful", number=doubtful)] if (doubtful := told["doubtful_records"]) else []),
        *([words.say("processors_missing", number=missing)] if (missing := told["processors_missing"]) else []),
        words.say("others_kept"),
        words.say(f"rights_{kind}"),
        words.say("who", controller=controller.name, address=controller.address, contact=controller.contact),
        words.say("sealed"),
    ]
    return Sheet(
        language=tongue.code,
        title=words.say(f"title_{kind}", controller=controller.name),
        says=tuple(says),
        cards=(Card(title=words.say("known_by"), lines=known), Card(title=words.say("pages"), links=pages)),
    )


def _thing(told: Told, words: Voice, controller: Controller) -> Card:
    became = told["in_package"]
    lines = [
        Line(name=words.say("what"), says=(words.say("kind", told["kind"]),)),
        Line(name=words.say("why"), says=_whys(told, words)),
        Line(name=words.say("from"), says=(f"{words.say('source', told['from']['how'])}, {words.moment(told['from']['at'])}",)),
        Line(name=words.say("where"), says=(_where(told, words, controller),)),
        Line(name=words.say("until"), says=_untils(told, words)),
    ]
    if told["kept_longer_by"]:
        kept = tuple(f"{words.say('hold', each['reason'])}, {words.day(each['until'])}" for each in told["kept_longer_by"])
        lines.append(Line(name=words.say("holds"), says=kept))
    if "used_by" in told:
        lines.append(Line(name=words.say("used_by"), says=_uses(told["used_by"], words)))
    lines.append(Line(name=words.say("became"), says=_became(became, words)))
    return Card(
        title=category_in(category_named(told["category"]), words.language),
        lines=tuple(lines),
        links=tuple(Link(file=each, name=words.say("your_voice"), is_sound=True) for each in became["files"]),
        value=became["value"],
    )


def _call(told: Told, words: Voice) -> Card:
    ended = "" if told["ended_at"] is None else f" – {words.moment(told['ended_at'])}"
    lines = [
        Line(name=words.say("your_part"), says=tuple(words.say("party", each) for each in told["your_part"])),
        Line(name=words.say("lasted"), says=(f"{words.moment(told['started_at'])}{ended}",)),
        Line(name=words.say("your_answers"), says=tuple(line for each in told["your_answers"] for line in _answer(each, words))),
        Line(name=words.say("happened"), says=tuple(_happened(each, words) for each in told["happened"])),
    ]
    if "verdicts" in told:
        decided = tuple(line for each in told["verdicts"] for line in _verdict(each, words))
        lines.append(Line(name=words.say("verdicts"), says=decided))
    kept = told["not_handed_out"]
    lines += [
        Line(name=words.say("became"), says=(words.say(word, number=kept[key]),))
        for word, key in (("others", "of_others_alone"), ("several", "several_speak"))
        if kept[key]
    ]
    links = [
        Link(file=each, name=words.say("vcon" if each.endswith(".json") else "your_voice"), is_sound=not each.endswith(".json"))
        for each in told["files"]
    ]
    return Card(
        title=words.say("call", at=words.moment(told["started_at"])),
        lines=tuple(each for each in lines if each.says),
        links=tuple(links),
    )


def _whys(told: Told, words: Voice) -> tuple[str, ...]:
    said = [
        f"{words.say('purpose_line', title=each['purpose'], basis=words.say('basis', each['basis']))}: {each['justification']}"
        for each in told["why"]
    ]
    return tuple(said) or (words.say("unknown"),)


def _untils(told: Told, words: Voice) -> tuple[str, ...]:
    return tuple(_until(each, words) for each in told["why"]) or (words.say("unknown"),)


def _until(why: Told, words: Voice) -> str:
    ended = why["ended"]
    if ended is None:
        return words.say("until_line", until=words.day(why["until"]), title=why["purpose"])
    if ended["at"] is not None:
        return words.say("ended", "taken_back", at=words.moment(ended["at"]), title=why["purpose"])
    return words.say("ended", ended["why"], day=words.day(ended["day"]), title=why["purpose"])


def _where(told: Told, words: Voice, controller: Controller) -> str:
    place = told["where"]
    is_ours, state = place["system"] is None, told["in_package"]["state"]
    said = [words.say("ours", controller=controller.name) if is_ours else words.say("in_system", system=place["system"])]
    if state == "gone" and place["gone_at"] is not None:
        return words.say("where_gone" if is_ours else "where_left", day=words.day_of(place["gone_at"]), place=said[0])
    if state == "gone":
        return words.say("where_left_now", place=said[0])
    if state == "dark" and told["in_package"]["reason"] in _LET_GO:
        return words.say("where_dark", controller=controller.name)
    said += [] if place["field"] is None else [place["field"]]
    said += [] if place["call"] is None else [words.say("turn")]
    return ", ".join(said)


def _is_over(told: Told) -> bool:
    """What is held comes first."""
    return told["in_package"]["state"] in ("gone", "dark")


def _uses(used: Sequence[Told], words: Voice) -> tuple[str, ...]:
    return tuple(line for each in used for line in _use(each, words)) or (words.say("nobody"),)


def _use(told: Told, words: Voice) -> tuple[str, ...]:
    line = words.say(
        "use_line",
        at=words.moment(told["at"]),
        role=words.say("role", told["by"]),
        act=_of(words, "act", told["act"]),
        purpose=words.say("use_own") if told["for"] == "own_request" else told["purpose"] or words.say("unknown"),
    )
    verdict = told["verdict"]
    decided = "" if verdict is None else "; " + words.say("decided", outcome=words.say("outcome", verdict["outcome"]))
    return (f"{line}{'; ' + words.say('refused') if told['refused'] else ''}{decided}", *_grounds(verdict, words))


def _verdict(told: Told, words: Voice) -> tuple[str, ...]:
    said = f"{words.moment(told['at'])}: {_of(words, 'act', told['act'])}, {words.say('outcome', told['outcome'])}"
    return (said, *_grounds(told, words))


def _grounds(verdict: Told | None, words: Voice) -> tuple[str, ...]:
    """The rules that decided, in the words that they have."""
    reasons = () if verdict is None else verdict["reasons"]
    return tuple(words.say("decided_by", says=each["says"], ground=each["ground"]) for each in reasons)


def _rules_of(*verdicts: Told | None) -> frozenset[str]:
    """The sentences in which rules say what they do."""
    return frozenset(each["says"] for verdict in verdicts if verdict is not None for each in verdict["reasons"])


def _rule_in(reason: str | None) -> str:
    return (reason or "").partition(":")[2].strip()


def _became(became: Told, words: Voice) -> tuple[str, ...]:
    said = [words.say("state", became["state"])]
    reason = became["reason"]
    if reason is not None:
        why, _, rule = reason.partition(":")
        said.append(words.say("reason", why, rule=rule.strip()))
    if became["state"] == "masked":
        said.append(words.say("covered"))
    return tuple(said)


def _answer(told: Told, words: Voice) -> tuple[str, ...]:
    """What was said, when, and what had been told before."""
    said = words.say(
        "answer_line", at=words.moment(told["at"]), answer=words.say("answer", told["answer"]), purpose=told["purpose"]
    )
    heard = () if told["notice"] is None else (words.say("told_before", text=told["notice"], language=told["language"]),)
    return (said, *heard)


def _happened(told: Told, words: Voice) -> str:
    purpose = f" ({told['purpose']})" if told["purpose"] else ""
    is_why = told["what"] in ("closed", "cut") and told["reason"] and words.has("because", told["reason"])
    why = f": {words.say('because', told['reason'])}" if is_why else ""
    return f"{words.moment(told['at'])}: {_of(words, 'happening', told['what'])}{purpose}{why}"


def _of(words: Voice, group: str, word: str) -> str:
    return words.say(group, word if words.has(group, word) else "other")

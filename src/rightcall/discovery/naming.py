"""One word of a name stands once more in the same text: `Eve Marlowe asks … Eve rings again`. It is of whom the whole name is of,
where no other name there has that word, and tells what that tells. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.model import Found


def named_again(found: Iterable[tuple[Found, str]]) -> Iterator[Found]:
    """Of one text or cell, each with its value, in their order: of those of one record. What stands in another role tells
    nothing."""
    every = list(found)
    whole = {(each.record, *_words(said)): each for each, said in every if _is_whole(each) and not each.of_staff}
    for each, said in every:
        words = _words(said)
        if not _is_name(each) or _is_whole(each) or each.of_staff or len(words) != 1:
            yield each
            continue
        among = [other for (record, *name), other in whole.items() if record == each.record and words[0] in name]
        yield _as(each, among[0]) if len(among) == 1 else each


def _as(each: Found, whole: Found) -> Found:
    return replace(each, clues=whole.clues, of_another=each.of_another or whole.of_another)


def _is_name(found: Found) -> bool:
    return found.finding.type == Kind.PERSON_NAME


def _is_whole(found: Found) -> bool:
    """It tells more than a word of a name."""
    return _is_name(found) and any(clue.kind != ClueKind.NAME_WORD for clue in found.clues)


def _words(said: str) -> Sequence[str]:
    return said.casefold().split()

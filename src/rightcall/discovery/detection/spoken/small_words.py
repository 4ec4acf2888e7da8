"""Words that say nothing between letters and digits."""

from functools import cache

from rightcall.discovery.detection.spoken.numerals import anyones


@cache
def fillers() -> frozenset[str]:
    return frozenset(word for phrase in anyones("fillers", "backchannels", "letter_words") for word in phrase.split())


@cache
def beside_letters() -> frozenset[str]:
    """What may stand in a turn of letters: "yes it's g b", where the s is none of them."""
    return fillers() | frozenset(("it", "s", "is", "c", "est", "ist", "er", "är", "det", "das"))

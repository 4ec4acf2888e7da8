"""E-mail addresses, also as people spell them out."""

import re
from collections.abc import Iterator

from rightcall.discovery.detection.context import words_of
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.personal import Personal

AT = re.compile("@|%40")
BRACKETED = re.compile(r"[\[({] ?(?:at|AT|At) ?[\])}]")
_NAME_BEFORE = re.compile(r"(?<![\w.%+-])([^\W_][\w.%+-]{0,63}) ?$")
_DOT = re.compile(r" ?[\[({] ?(?:dot|DOT|punkt|point|punktum) ?[\])}] ?")
_BRACKETED_DOMAIN = re.compile(rf" ?(?:[^\W_](?:[\w-]{{0,61}}[^\W_])?(?:\.|{_DOT.pattern})){{1,8}}[^\W\d_]{{2,24}}(?![\w@])")
_LOCAL_MOST = 64
_LOCAL_MARKS = frozenset("._%+-'")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}([^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})(?![\w@])")
_SIGNED_IN = re.compile(r"://[^/\s@]*$")
_NAMES_A_MESSAGE = re.compile(r"(?<![\w-])(?:message-id|in-reply-to|references|content-id|call-id)[\"']?:[^\n]*$", re.IGNORECASE)
_CALLED = re.compile(r"(?:\bsips?:|\btel:|\+)$")


def emails(page: Page) -> Iterator[Finding]:
    for match in AT.finditer(page.written):
        if (found := _email(page, match.start(), match.end())) is not None:
            yield found


def spelled_out(page: Page) -> Iterator[Finding]:
    """`jane (at) example (dot) com`, as people write to be found by people alone."""
    for match in BRACKETED.finditer(page.written):
        name = _NAME_BEFORE.search(page.written, max(0, match.start() - _LOCAL_MOST - 1), match.start())
        domain = _BRACKETED_DOMAIN.match(page.written, match.end())
        if name is None or domain is None or name[1].lower() in words_of("offices"):
            continue
        address = f"{name[1]}@{_DOT.sub('.', domain[0]).strip()}"
        yield Finding(
            start=name.start(1),
            end=domain.end(),
            type=Kind.EMAIL,
            confidence=0.85,
            why="a name, “at” in brackets and a domain with an ending",
            written=Personal(address),
        )


def _email(page: Page, at: int, domain_at: int) -> Finding | None:
    text, start = page.written, at
    low = max(0, at - _LOCAL_MOST - 1)
    while start > low and (text[start - 1].isalnum() or text[start - 1] in _LOCAL_MARKS):
        start -= 1
    while start < at and text[start] in _LOCAL_MARKS:
        start += 1
    match = _DOMAIN.match(text, domain_at)
    if match is None or not 0 < at - start <= _LOCAL_MOST or text[at - 1] == "." or match[1].lower() in words_of("files"):
        return None
    local = text[start:at].lower()
    if _NAMES_A_MESSAGE.search(text, max(0, at - 200), at):
        return None
    if local.isdigit() and _CALLED.search(text, max(0, start - 6), start):
        return None
    if _SIGNED_IN.search(text, max(0, at - 200), at) or (local == "git" and text[match.end() : match.end() + 1] == ":"):
        return None
    if local in words_of("offices"):
        return Finding(
            start=start,
            end=match.end(),
            type=Kind.EMAIL,
            confidence=0.5,
            why="an e-mail address, but an office's and not a person's",
        )
    return Finding(start=start, end=match.end(), type=Kind.EMAIL, confidence=0.95, why="a name, an @ and a domain with an ending")

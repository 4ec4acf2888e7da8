"""IP addresses, and what only looks like one: versions, Danish numbers in pairs."""

import ipaddress
import re
from collections.abc import Iterator

from rightcall.discovery.detection import danish
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.phones import LONGEST_BESIDE

PAIR = re.compile(r":[0-9A-Fa-f]{0,4}:")
_SIX = frozenset("0123456789abcdefABCDEF:")
_SIX_MOST, _SIX_GROUPS, _SIX_COLONS = 39, 4, 7
_SMALL, _PAIR, _LONGEST_FIELD = 20, 2, 60
_FIELD = re.compile(r"([A-Za-z][\w.-]*)[\"']? ?[:=] ?$")
_VERSION = re.compile(r"(?:^|[_.-])(?:v|ver|rev)$|version|release|build|sdk|firmware|package|module", re.IGNORECASE)
_APP = re.compile(
    r"(?:\b(?:v|ver|app|apps?en|appli|application|build|firmware|release|software|programvara)|version(?:en)?)\b[^0-9\n]{0,24}$",
    re.IGNORECASE,
)
_HOST = re.compile(r"\b(?:ip|ips|ipv4|login|from|host|server)\b", re.IGNORECASE)
_LONGEST_APP = 40


def ipv4(page: Page, start: int, end: int) -> Finding | None:
    written = page.plain[start:end]
    octets = written.split(".")
    is_paired = all(len(octet) == _PAIR for octet in octets)
    if is_paired and 0 <= start - page.phone_end <= LONGEST_BESIDE:
        return None
    if is_paired and not page.mentions(Kind.IP_ADDRESS, start) and danish.is_danish(page):
        return None
    app = _APP.search(page.plain, max(0, start - _LONGEST_APP), start)
    if app is not None and _HOST.search(app[0]) is None:
        return None
    if any((len(octet) > 1 and octet[0] == "0") or int(octet) > 255 for octet in octets) or page.is_in_chain(start, end):
        return None
    if not _is_somebodys(address := ipaddress.IPv4Address(written)):
        return None
    looks_like_version = all(int(octet) < _SMALL for octet in octets) or _is_version(page.plain, start)
    is_inner = address.is_private and not _is_example(address)
    why = f"four numbers up to 255{', an address inside a network' if is_inner else ''}"
    base = 0.3 if looks_like_version else 0.5 if is_inner else 0.7
    return page.weighed(Kind.IP_ADDRESS, start, end, base, why)


def _is_version(text: str, start: int) -> bool:
    """Behind a mark that leads into versions, unless it parts the address from its name or its scheme: `src=`, `http://`."""
    mark = text[max(0, start - 2) : start]
    if mark[-1:] not in ("/", "=", "~", "^", ":") or mark == "//":
        return False
    name = _FIELD.search(text, max(0, start - _LONGEST_FIELD), start)
    return mark[-1:] in "/~^" or name is None or _VERSION.search(name[1]) is not None


def _is_somebodys(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    is_nobodys = address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
    return not (is_nobodys or (address.version == 4 and address.is_reserved))


def _is_example(address: ipaddress.IPv4Address) -> bool:
    return str(address).startswith(("192.0.2.", "198.51.100.", "203.0.113."))


def ipv6s(page: Page) -> Iterator[Finding]:
    behind = 0
    for match in PAIR.finditer(page.plain):
        if match.start() < behind or not _may_be_ipv6(page.plain, match.start()):
            continue
        start, end = _stretch(page.plain, match.start())
        behind = end
        if (found := _ipv6(page, start, end)) is not None:
            yield found


def _may_be_ipv6(text: str, place: int) -> bool:
    """Cheaply no for times of day: an address has two colons together, or seven."""
    low, high = max(0, place - _SIX_MOST - 1), place + _SIX_MOST + 1
    return text.find("::", low, high) >= 0 or text.count(":", low, high) >= _SIX_COLONS


def _stretch(text: str, place: int) -> tuple[int, int]:
    start = end = place
    while start > max(0, place - _SIX_MOST - 1) and text[start - 1] in _SIX:
        start -= 1
    while end < min(len(text), place + _SIX_MOST + 1) and text[end] in _SIX:
        end += 1
    while end > place and text[end - 1] == ":" and text[end - 2] != ":":
        end -= 1
    return start, end


def _ipv6(page: Page, start: int, end: int) -> Finding | None:
    written = page.plain[start:end]
    if not 2 < len(written) <= _SIX_MOST or not page.stands_alone(start, end):
        return None
    if sum(bool(group) for group in written.split(":")) < _SIX_GROUPS and not written.startswith(
        ("2", "fe80:", "fd", "FE80:", "FD")
    ):
        return None
    try:
        address = ipaddress.IPv6Address(written)
    except ValueError:
        return None
    if not _is_somebodys(address):
        return None
    return page.weighed(Kind.IP_ADDRESS, start, end, 0.8, "groups of hexadecimal digits that make an IPv6 address")

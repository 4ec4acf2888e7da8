"""Which trunk a call came by. Pure; two that fit equally well are none."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from rightcall.calls.model import NewTrunk, OwnedTrunk
from rightcall.errors import Malformed

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2}|-[0-9]{3})?")


def checked(new: NewTrunk) -> NewTrunk:
    """The same, with its networks in their customary form; Malformed where it could never match or never be answered."""
    name = new.name.strip()
    if not name:
        raise Malformed("A trunk needs a name.")
    if not new.sources:
        raise Malformed("A trunk needs the addresses or networks that its calls come from, such as 192.0.2.10 or 192.0.2.0/24.")
    sources = tuple(dict.fromkeys(str(network(source)) for source in new.sources))
    region = new.default_region.strip().upper()
    if len(region) != 2 or not region.isascii() or not region.isalpha():
        raise Malformed("A trunk's default region is a country code of two letters, such as DK.")
    if not _LANGUAGE.fullmatch(new.language.strip()):
        raise Malformed("A trunk needs the language in which its callers are asked, as a BCP 47 tag such as da or de-CH.")
    called = None if new.called is None else new.called.strip()
    if called == "":
        raise Malformed("Give the user part that the recorder is called by, or leave it out for any.")
    staff = tuple(dict.fromkeys(each.strip().lower() for each in new.staff if each.strip()))
    return replace(
        new, name=name, sources=sources, default_region=region, called=called, staff=staff, language=new.language.strip()
    )


def network(source: str) -> Network:
    try:
        return ipaddress.ip_network(source.strip(), strict=False)
    except ValueError as error:
        raise Malformed("A trunk's source is an IP address or a network, such as 192.0.2.0/24 or 2001:db8::/48.") from error


def address(source_ip: str) -> Address | None:
    """None for what is no address. An IPv4 address in IPv6 clothing (::ffff:…) counts as what it is."""
    try:
        parsed = ipaddress.ip_address(source_ip)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed


def best(trunks: Sequence[OwnedTrunk], source_ip: str, called_user: str) -> OwnedTrunk | None:
    """A trunk for this number before one for any; the narrowest network before a wider. None: a stranger, or a draw."""
    source = address(source_ip)
    if source is None:
        return None
    fits = [(fit, owned) for owned in trunks if (fit := _fit(owned, source, called_user)) is not None]
    top = max((fit for fit, _ in fits), default=None)
    winners = [owned for fit, owned in fits if fit == top]
    return winners[0] if len(winners) == 1 else None


def _fit(owned: OwnedTrunk, source: Address, called_user: str) -> tuple[bool, int] | None:
    trunk = owned.trunk
    if trunk.called is not None and trunk.called != called_user:
        return None
    lengths = [each.prefixlen for each in map(network, trunk.sources) if source in each]
    return (trunk.called is not None, max(lengths)) if lengths else None

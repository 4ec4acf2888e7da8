"""Contents that are encrypted as they are: PGP, age, Ansible Vault, OpenSSL's `enc` and CMS (S/MIME), in bytes or in letters that
a mail can carry. Nobody can read them here, and so they count as not read, however much they look like a text."""

import binascii
import re
from collections.abc import Iterator

from rightcall.adapters.systems.formats.decoding import text_of
from rightcall.discovery.sealed import ARMOUR, SALTED, VAULT

_BEGINS = (b"age-encryption.org/v1", b"Salted__", b"LUKS\xba\xbe", b"\x03\xd9\xa2\x9a")
"""age, OpenSSL, a disk of Linux, KeePass."""
_CMS = re.compile(
    rb"\x30(?:\x80|\x81.|\x82..|\x83...|\x84....)\x06"
    rb"(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x03\x06]|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17)",
    re.DOTALL,
)
"""Enveloped, encrypted, authenticated and enveloped. What is only signed is another sort."""
_KEYED = (rb"[\x02\x03].{8}[\x01-\x20]|\x06", rb"[\x04\x05][\x01-\x0d][\x00-\x04]|\x06")
_PGP = re.compile(
    rb"(?:\xc1(?:[\x00-\xbf]|[\xc0-\xdf].)|\x84.|\x85..)(?:" + _KEYED[0] + rb")"
    rb"|(?:\xc3[\x00-\xbf]|\x8c.|\x8d..)(?:" + _KEYED[1] + rb")"
    rb"|\xd2(?:[\x00-\xbf]|[\xc0-\xdf].|[\xe0-\xfe]|\xff.{4})[\x01\x02]",
    re.DOTALL,
)
"""A message for a key, for a password, or with neither before it (RFC 9580, 4.2 and 5)."""
_BLOCK = re.compile(ARMOUR + r".*?(?:-----END (?P=sort)-----|\Z)", re.DOTALL)
_LETTERED_CMS = re.compile(r"-----BEGIN (?:PKCS7|CMS)-----\s+([0-9A-Za-z+/]{32,})")
_STANDS = re.compile(rf"^[> \t]*(?:{ARMOUR}|{VAULT})", re.MULTILINE)
_LONGEST_MARK, _BEGINNING = 80, 256


def is_sealed(head: bytes) -> bool:
    """Whether all of it is encrypted, as its first bytes tell."""
    if head.startswith(_BEGINS) or _CMS.match(head) is not None or _PGP.match(head) is not None:
        return True
    begins = text_of(head[:_BEGINNING]).lstrip()
    if re.match(VAULT, begins) is not None or _is_cms(begins):
        return True
    if begins.startswith("U2FsdGVkX1"):
        return SALTED.fullmatch(text_of(head).strip()) is not None
    return re.match(ARMOUR, begins) is not None and not _BLOCK.sub("", text_of(head)).strip()


def _is_cms(begins: str) -> bool:
    found = _LETTERED_CMS.match(begins)
    if found is None:
        return False
    return _CMS.match(binascii.a2b_base64(found[1][: len(found[1]) // 4 * 4])) is not None


class Watched:
    """Text that passes, and whether something encrypted stands in it."""

    def __init__(self, pieces: Iterator[tuple[int, str]]) -> None:
        self._pieces, self._last, self.has_sealed = pieces, "", False

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for amount, piece in self._pieces:
            self.has_sealed = self.has_sealed or _STANDS.search(self._last + piece) is not None
            self._last = piece[-_LONGEST_MARK:]
            yield amount, piece

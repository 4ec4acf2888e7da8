"""E-mail: single messages and mbox, by their first lines."""

import re

from rightcall.adapters.systems.formats.decoding import encoding_of
from rightcall.adapters.systems.formats.model import Format, Head
from rightcall.adapters.systems.formats.parsers import parser

_KNOWN = rb"from|to|cc|bcc|subject|date|received|return-path|message-id|mime-version|delivered-to|reply-to|sender"
_OTHERS = rb"content-type|dkim-signature|authentication-results|x-[a-z0-9-]+|arc-[a-z-]+"
_HEADER = re.compile(rb"(?:" + _KNOWN + rb"|" + _OTHERS + rb"):[ \t\r\n]", re.IGNORECASE)
_SURE = re.compile(rb"^(?:" + _KNOWN + rb"):", re.IGNORECASE | re.MULTILINE)
_BOX = re.compile(rb"From \S+.{5,100}\r?\n[A-Za-z-]+:")
_FEWEST = 3
ENDINGS = (".eml", ".p7m")


def fits(head: Head) -> bool:
    if _HEADER.match(head.bytes) is None:
        return False
    block = re.split(rb"\r?\n\r?\n", head.bytes, maxsplit=1)[0]
    return head.ending in ENDINGS or len({found.lower() for found in _SURE.findall(block)}) >= _FEWEST


def fits_box(head: Head) -> bool:
    return _BOX.match(head.bytes) is not None and encoding_of(head.bytes) is not None


MESSAGE = Format(
    name="e-mail",
    fits=fits,
    parts=parser("messages"),
    endings=ENDINGS,
    reads="All headers, bodies as text, attachments by their content, messages in messages",
    leaves="What is encrypted (S/MIME, PGP), told; Outlook's own format (`.msg`)",
)
BOX = Format(
    name="mbox",
    fits=fits_box,
    parts=parser("mailbox"),
    endings=(".mbox",),
    reads="Each message as an e-mail",
    leaves="Messages larger than what is held in memory, each told; Outlook's own format (`.pst`)",
)

"""Reading an e-mail (RFC 5322), and what it seems to ask. Pure: bytes in, words out.

What it seems to ask is told by words that people use for it, in the five languages that are written here. Where words for two
things are there, or none, nothing is proposed: a person reads it in any case.
"""

import re
from codecs import lookup
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from email.utils import parseaddr, parsedate_to_datetime
from html import unescape
from itertools import chain

from rightcall.canonical import sha256
from rightcall.errors import Malformed
from rightcall.personal import Personal
from rightcall.requests.mails.model import Read
from rightcall.requests.model import RequestKind
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import normalise

MOST_BYTES = 10 << 20
_MOST_WORDS = 20_000
_GOES_ON = "\n\n[… It goes on: read the rest in your mailbox.]"
_LONGEST_HEADER = 2000
_LONGEST_WAY = timedelta(days=90)
_NO_REGION = "ZZ"
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape"})
"""Which Python reads and no e-mail is written in. The time that the first takes grows much faster than what it reads."""
_TAG = re.compile(r"<[^<>]{0,1000}>")
_QUOTED = re.compile(r"^[ \t]*>.*$", re.M)
_CUES: Mapping[RequestKind, re.Pattern[str]] = {
    kind: re.compile("|".join(cues), re.I)
    for kind, cues in {
        RequestKind.ERASURE: (
            r"\b(delete|erase|remove)\b.{0,40}\b(my|all|me|data|account)\b|right to be forgotten",
            r"\b(lösch\w*|entfern\w*)\b.{0,40}\b(daten|konto|mich|alles)\b|\bdaten\b.{0,40}\blösch\w*|recht auf vergessen",
            r"\b(effac\w*|supprim\w*)\b.{0,40}\b(données|compte|tout)\b|droit à l.oubli",
            r"\b(slet\w*)\b.{0,40}\b(mine|mig|data|oplysninger|alt)\b",
            r"\b(radera\w*|ta bort)\b.{0,40}\b(mina|mig|data|uppgifter|allt)\b",
        ),
        RequestKind.ACCESS: (
            r"\b(copy|access|what data|which data)\b.{0,60}\b(my|me|data|information|hold)\b|subject access",
            r"\b(auskunft|kopie)\b.{0,60}\b(daten|mich|mir|gespeichert\w*)\b|welche daten",
            r"\b(copie|accès|accéder)\b.{0,60}\b(données|informations)\b|quelles données",
            r"\b(kopi|indsigt)\b.{0,60}\b(mine|mig|data|oplysninger)\b|hvilke oplysninger",
            r"\b(kopia|utdrag|registerutdrag|tillgång)\b.{0,60}\b(mina|mig|data|uppgifter)\b|vilka uppgifter|registerutdrag",
        ),
        RequestKind.PORTABILITY: (
            r"\b(portab\w+|machine.readable|transfer my data)\b",
            r"\b(übertragbar\w*|maschinenlesbar\w*)\b",
            r"\b(portabilité|lisible par machine)\b",
            r"\b(dataportabilitet|maskinlæsbar\w*)\b",
            r"\b(dataportabilitet|maskinläsbar\w*)\b",
        ),
        RequestKind.RECTIFICATION: (
            r"\b(correct|rectify|wrong|incorrect)\b.{0,40}\b(my|data|address|name|number)\b",
            r"\b(berichtig\w*|korrigier\w*)\b|\b(falsch\w*)\b.{0,40}\b(daten|adresse|name|nummer)\b",
            r"\b(rectifi\w*|corrig\w*)\b",
            r"\b(ret|rette|berigtig\w*)\b.{0,40}\b(mine|min|oplysninger|adresse|navn)\b|\bforkert\w*\b",
            r"\b(rätta\w*|rättelse)\b|\bfelaktig\w*\b",
        ),
        RequestKind.RESTRICTION: (
            r"\brestrict\w*\b.{0,40}\b(processing|use|data)\b",
            r"\beinschränk\w*\b.{0,40}\b(verarbeit\w*|daten)\b|\b(verarbeit\w*)\b.{0,40}\beinschränk\w*",
            r"\blimit\w*\b.{0,40}\b(traitement|données)\b",
            r"\bbegræns\w*\b.{0,40}\b(behandling\w*|brug|data)\b",
            r"\bbegräns\w*\b.{0,40}\b(behandling\w*|användning|data)\b",
        ),
        RequestKind.OBJECTION: (
            r"\bobject\b.{0,40}\b(to|processing|use)\b|\bopt.?out\b",
            r"\bwiderspr(uch|eche)\w*\b",
            r"\bm.oppose\b|\bopposition\b",
            r"\bgør indsigelse\b|\bindsigelse\b",
            r"\binvänd\w*\b",
        ),
        RequestKind.WITHDRAWAL: (
            r"\b(withdraw|revoke|take back)\b.{0,40}\b(consent|yes|permission)\b",
            r"\b(widerruf\w*)\b|\beinwilligung\b.{0,40}\b(zurück\w*)\b",
            r"\bretir\w*\b.{0,40}\bconsentement\b",
            r"\b(trækker|tilbagekald\w*|trække)\b.{0,40}\bsamtykke\b",
            r"\b(återkall\w*|drar tillbaka)\b.{0,40}\bsamtycke\b",
        ),
    }.items()
}


class _Bounded(Compat32):
    """A header is read up to a length, and by the older of the library's two readers of them. The newer takes time and memory
    that grow much faster than a header does, and breaks on some that are not well made."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(_cut(sourcelines))
        return name[:_LONGEST_HEADER], value


def _cut(lines: Sequence[str]) -> list[str]:
    left, found = _LONGEST_HEADER, []
    for line in lines:
        if left > 0:
            found.append(line[:left])
            left -= len(line)
    return found


def read(raw: bytes) -> Read:
    """Malformed where it is no e-mail, or too large a one, or its parts lie in each other too deeply to be read."""
    if len(raw) > MOST_BYTES:
        raise Malformed("This e-mail is larger than 10 MB. Enter by hand what it asks.")
    try:
        return _read(raw)
    except RecursionError:
        pass  # raised outside of the handler: its frames hold what somebody wrote
    raise Malformed("The parts of this e-mail lie in each other too deeply to be read. Enter by hand what it asks.")


def _read(raw: bytes) -> Read:
    message = BytesParser(policy=_Bounded()).parsebytes(raw)
    if message["from"] is None:
        raise Malformed("This is no e-mail: it has no sender. Save it as a message (.eml), with its headers.")
    return Read(sender=_sender(message), words=Personal(_words(message)), came_at=_came_at(message), digest=sha256(raw))


def propose(words: Personal[str]) -> RequestKind | None:
    """What it seems to ask, where that is one thing. What it quotes of others is not looked at."""
    text = _QUOTED.sub(" ", words.reveal("see what an e-mail seems to ask"))
    found = [kind for kind, cue in _CUES.items() if cue.search(text)]
    return found[0] if len(found) == 1 else None


def arrival(came_at: datetime | None, now: datetime) -> datetime:
    """From when its days count. A clock of somebody else's makes no day later, and none that is long over."""
    if came_at is None or came_at > now or now - came_at > _LONGEST_WAY:
        return now
    return came_at


def _sender(message: Message) -> Identifier | None:
    try:
        address = parseaddr(str(message["from"]))[1]
        return normalise(IdentifierKind.EMAIL, Personal(address), _NO_REGION)
    except (Malformed, RecursionError):
        return None


def _words(message: Message) -> str:
    """All that was written, in its order, until it is as long as is kept. Where a message is only passed on, what that says."""
    written = _joined(_written(message))
    if not written:
        holders = (part for part in message.walk() if part.get_content_type() == "message/rfc822" and part.is_multipart())
        passed_on = (part.get_payload(0) for part in holders)
        written = _joined(chain.from_iterable(_written(each) for each in passed_on if isinstance(each, Message)))
    every = f"{_subject(message)}\n\n{written}".strip()
    return every if len(every) <= _MOST_WORDS else every[:_MOST_WORDS] + _GOES_ON


def _joined(texts: Iterable[str]) -> str:
    left, pieces = _MOST_WORDS, list[str]()
    for text in texts:
        pieces += [text.strip()] if text.strip() else []
        left -= len(text)
        if left <= 0:
            break
    return "\n\n".join(pieces)


def _written(message: Message) -> Iterator[str]:
    """What its writer wrote: of what is said in two ways the plain one that says something, and nothing that is attached. A
    message in this one is somebody else's, and asks for somebody else."""
    if message.get_content_disposition() == "attachment":
        return
    if message.get_content_maintype() == "text":
        yield _text(message)
    elif message.get_content_maintype() == "multipart" and message.is_multipart():
        parts = list(message.get_payload())
        if message.get_content_subtype() == "alternative":
            plain_first = sorted(parts, key=lambda part: part.get_content_type() != "text/plain")
            yield next(filter(None, (_joined(_written(part)) for part in plain_first)), "")
        else:
            yield from chain.from_iterable(map(_written, parts))


def _text(part: Message) -> str:
    """In its own encoding, else as though it were UTF-8: what cannot be read becomes a mark, and is not left out."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    text = _decoded(content, str(part.get_content_charset("utf-8")))
    return unescape(_TAG.sub(" ", text)) if part.get_content_subtype() == "html" else text


def _decoded(content: bytes, charset: str) -> str:
    try:
        if lookup(charset).name not in _NO_CHARSETS:
            return content.decode(charset, "replace")
    except (LookupError, ValueError):
        pass
    return content.decode("utf-8", "replace")


def _subject(message: Message) -> str:
    told = str(message.get("subject", ""))
    try:
        return str(make_header(decode_header(told)))
    except (MessageError, LookupError, ValueError):
        return told


def _came_at(message: Message) -> datetime | None:
    received = message.get_all("received") or []
    told = [str(received[0]).rpartition(";")[2]] if received else []
    for text in (*told, str(message.get("date", ""))):
        try:
            at = parsedate_to_datetime(text.strip())
            return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None

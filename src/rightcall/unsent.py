"""What somebody sent that was not taken, because their time here was over or they have to show anew who they are
(docs/adr/0068-what-was-written.md). It goes back with the answer, sealed under a key of theirs, and is kept nowhere here. Whose
it is, the token of the form says: that was made for one session, or one visit.

a form comes too late -> whose form it was -> sealed into the answer -> they sign in -> opened for them alone -> the form again
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rightcall.canonical import canonical_json
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.errors import Conflict, NotAllowed, NotFound, Outage, Tampered
from rightcall.ids import SubjectId
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

LASTS = timedelta(hours=12)
MOST = 500_000
"""Of signs, as it stands in a page: more than any form of ours holds."""
ANOTHERS = marked(
    "Somebody else wrote this, so it is not shown to you and was not sent. Whoever wrote it can sign in, and go on."
)
_OVER = marked("This was written more than twelve hours ago, and what it is about may have changed since. Write it anew.")
_SECRET = frozenset({"code", "password", "secret", "writing"})
"""What opens something: typed anew each time."""
_OURS = frozenset({"form", "token", "kept"})
"""What the page put into the form, for a session that is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """Where it was sent, and each field of it with what stood there. `anew`: fields that have to be typed once more. `at`: when
    it was sent."""

    place: str
    fields: Sequence[tuple[str, str]] = field(repr=False)
    anew: Sequence[str] = ()
    at: datetime

    @property
    def words(self) -> Sequence[tuple[str, str]]:
        """What they wrote; all else was chosen, or came with the page."""
        return [each for each in self.fields if _is_written(each[1])]

    @property
    def rest(self) -> Sequence[tuple[str, str]]:
        return [each for each in self.fields if not _is_written(each[1])]

    def said(self, name: str) -> str:
        """What stood in that field, empty where it was not there."""
        return dict(self.fields).get(name, "")


def unsent(place: str, sent: Iterable[tuple[str, object]], at: datetime) -> Unsent | None:
    """Of a form that came too late. None where nothing was entered in it: a press of a button is pressed again."""
    typed = [(name, value) for name, value in sent if isinstance(value, str) and name not in _OURS]
    anew = [name for name, value in typed if name in _SECRET and value]
    fields = [(name, value) for name, value in typed if name not in _SECRET]
    return Unsent(place=place, fields=fields, anew=anew, at=at) if any(value.strip() for _, value in fields) else None


def seal(tx: Transaction, vault: Vault, what: Unsent, *, whose: SubjectId, bound_to: str) -> str:
    """For a hidden field of the answer; empty where it cannot be kept, since it is too long, or they were forgotten, or keys are
    away. `bound_to`: which face it is for, and what has to be the same still when it is opened."""
    whole = {
        "place": what.place,
        "fields": [list(each) for each in what.fields],
        "anew": list(what.anew),
        "at": what.at.isoformat(),
    }
    try:
        sealed = urlsafe_b64encode(vault.seal_value(tx, whose, canonical_json(whole), bound_to)).decode()
    except (Conflict, NotFound, Outage):
        return ""
    return sealed if len(sealed) <= MOST else ""


def unseal(tx: Transaction, vault: Vault, kept: str, *, whose: SubjectId, bound_to: str, now: datetime) -> Unsent:
    """What it was. NotAllowed where it was sealed for somebody else, or is nothing that we sealed: that is not told apart.
    Conflict where it is too long ago."""
    try:
        found = vault.open_value(tx, whose, urlsafe_b64decode(kept), bound_to)
    except (NoBase64, ValueError, Tampered):
        # It came from a browser: that it is not what was sealed for them says nothing of the database.
        raise NotAllowed(ANOTHERS) from None
    if isinstance(found, Dark):
        raise NotAllowed(ANOTHERS)
    whole = json.loads(found)
    fields = [(name, value) for name, value in whole["fields"]]
    what = Unsent(place=whole["place"], fields=fields, anew=whole["anew"], at=datetime.fromisoformat(whole["at"]))
    if now - what.at >= LASTS:
        raise Conflict(_OVER)
    return what


def _is_written(value: str) -> bool:
    """Rather than an id, a word of ours, a number or a day."""
    return len(value.split()) > 1 or not value.isascii()

"""Taking in what a vCon conserver sends, and forgetting what it has let go of.

Kept is what a scan can look through: sound and pictures go before anything is sealed. It is sealed under the key of its system,
and dark once that is retired.
"""

from collections.abc import Mapping
from uuid import UUID

from rightcall.actors import Actor
from rightcall.canonical import Json, canonical_json, sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.discovery.vcons import store
from rightcall.discovery.vcons.model import CONSERVER, SentVcon, TakenIn
from rightcall.discovery.vcons.statements import VconForgotten, VconTold
from rightcall.errors import Conflict, Malformed
from rightcall.ledger import actions as ledger
from rightcall.vault.actions import Vault

SEALED_AS = "discovery.vcon"
_MARKED_AS = "discovery.vcon"
_LEFT_OUT = "-"
_TEXTS = ("text/", "application/json", "application/xml", "message/")


def take_in(tx: Transaction, vault: Vault, clock: Clock, system: RegisteredSystem, document: Json, *, by: Actor) -> TakenIn:
    """Again is fine; what has changed takes the place of what was. Malformed where it is no vCon with a uuid."""
    _check(system)
    id = _uuid_of(document)
    mark = vault.blind(tx, _MARKED_AS, sha256(canonical_json(document)).hex())
    before = store.mark_of(tx, system.id, id)
    outcome = TakenIn.NEW if before is None else TakenIn.AGAIN if before == mark else TakenIn.CHANGED
    if outcome is TakenIn.AGAIN:
        return outcome
    sealed = vault.seal_value(tx, system.key, canonical_json(_readable(document)), SEALED_AS)
    at = clock.now()
    store.put(tx, system.id, SentVcon(id=id, mark=mark, sealed=sealed, received_at=at))
    said = VconTold(at=at, controller=tx.of, system=system.id, outcome=outcome, actor=by.id, role=by.role)
    ledger.append(tx, said)
    return outcome


def forget(tx: Transaction, clock: Clock, system: RegisteredSystem, vcon: UUID, *, by: Actor) -> bool:
    """The conserver has let go of it. Again is fine, and then False: it was not here."""
    _check(system)
    if not store.delete(tx, system.id, vcon):
        return False
    said = VconForgotten(at=clock.now(), controller=tx.of, system=system.id, actor=by.id, role=by.role)
    ledger.append(tx, said)
    return True


def _check(system: RegisteredSystem) -> None:
    if system.retired_at is not None:
        raise Conflict("This system was retired. Register it anew under another name, and send vCons there.")
    if system.kind != CONSERVER:
        raise Conflict("This system is one that is asked, not one that sends. Register a conserver as conserver://NAME.")


def _uuid_of(document: Json) -> UUID:
    try:
        if isinstance(document, dict):
            return UUID(str(document.get("uuid")))
    except ValueError:
        pass
    raise Malformed("This is no vCon: it is a JSON object with a `uuid`. See what the conserver's webhook link sends.")


def _readable(document: Json) -> Json:
    """Sound and pictures are left out, and that they were there is not."""
    if not isinstance(document, dict):
        return document
    lists = {kind: document[kind] for kind in ("dialog", "analysis", "attachments") if isinstance(document.get(kind), list)}
    return {**document, **{kind: [_without_sound(part) for part in parts] for kind, parts in lists.items()}}


def _without_sound(part: Json) -> Json:
    if isinstance(part, dict) and part.get("body") not in (None, "") and _is_no_text(part):
        return {**part, "body": _LEFT_OUT}
    return part


def _is_no_text(part: Mapping[str, Json]) -> bool:
    mediatype = str(part.get("mediatype") or part.get("mimetype") or "")
    is_encoded = part.get("encoding") == "base64url"
    is_sound = part.get("type") == "recording" or mediatype.startswith(("audio/", "video/"))
    return is_sound or (is_encoded and bool(mediatype) and not mediatype.startswith(_TEXTS))

"""Who is asked: a processor is looked at, its certificate checked, and its address sealed under a key of its own."""

from dataclasses import dataclass

from rightcall.activities import actions as activities
from rightcall.activities.model import RecipientKind
from rightcall.activities.processors import ordering, rules, store
from rightcall.activities.processors.model import Address, Offer, Processor
from rightcall.activities.processors.ports import Outbound
from rightcall.activities.processors.statements import ProcessorRegistered, ProcessorRetired
from rightcall.activities.telling import actions as telling
from rightcall.actors import Actor
from rightcall.canonical import Json, canonical_json, parse_json, sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import RecipientId, SubjectId, new_id
from rightcall.ledger.actions import append
from rightcall.ledger.model import Digest
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_ADDRESS = "activities.processor_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was found at an address, checked. `domain`: that its signatures are for."""

    address: Address
    domain: str
    offer: Offer
    certificate: bytes


def look_at(outbound: Outbound, clock: Clock, address: Address) -> Seen:
    """Asks a processor what it offers, and checks its certificate. Outside of any transaction. Malformed where it is none that
    can be trusted; ProcessorGone where it does not answer."""
    line = outbound.dial(address)
    try:
        offer = rules.offer_of(line.discovery(), host=line.host)
        certificate = line.certificate(offer.certificate_url)
    finally:
        line.close()
    rules.check_certificate(certificate, domain=line.host, roots=outbound.roots, now=clock.now())
    return Seen(address=address, domain=line.host, offer=offer, certificate=certificate)


def register(tx: Transaction, vault: Vault, clock: Clock, recipient: RecipientId, seen: Seen, *, by: Actor) -> Processor:
    """It is asked from now on, also of erasures that it was not told of yet. Conflict where it is registered already."""
    found = next((each for each in activities.recipients(tx) if each.id == recipient), None)
    if found is None or found.ended_at is not None:
        raise NotFound("There is no such recipient here. Declare it first: `rightcall activities add-recipient`.")
    if found.kind is not RecipientKind.PROCESSOR:
        raise Conflict("This recipient was not declared as a processor, and only processors are asked by OpenDSR.")
    at, key = clock.now(), SubjectId(new_id())
    made = Processor(
        recipient=recipient,
        domain=seen.domain,
        offer=seen.offer,
        certificate=seen.certificate,
        key=key,
        registered_by=by,
        registered_at=at,
        checked_at=at,
        retired_at=None,
    )
    vault.create_subject(tx, key)
    if not store.insert_processor(tx, made, vault.seal_value(tx, key, _sealed(seen.address), _ADDRESS)):
        raise Conflict("This processor, or another of its domain, is registered already. Retire that one first.")
    said = ProcessorRegistered(
        at=at,
        controller=tx.of,
        recipient=recipient,
        certificate=Digest(sha256(seen.certificate)),
        actor=by.id,
        role=by.role,
    )
    append(tx, said)
    for erasure in telling.untold(tx):
        ordering.order_erasure(tx, vault, clock, erasure=erasure)
    return made


def processors(tx: Transaction) -> list[Processor]:
    return store.processors(tx)


def standing(tx: Transaction, recipient: RecipientId) -> Processor | None:
    """Where this recipient is asked; None where it is not, or no more."""
    return next((each for each in store.processors(tx) if each.recipient == recipient and each.retired_at is None), None)


def retire(tx: Transaction, vault: Vault, clock: Clock, recipient: RecipientId, *, by: Actor) -> None:
    """It is asked no more; how to get in is dark. What is open with it is told to a person. Again is fine."""
    found = [each for each in store.processors(tx) if each.recipient == recipient]
    if not found:
        raise NotFound("This recipient was never registered as a processor that is asked. List the processors.")
    for each in found:
        retire_key(tx, vault, clock, each.key, by=by)


def retire_key(tx: Transaction, vault: Vault, clock: Clock, key: SubjectId, *, by: Actor) -> bool:
    """False where it was before. Also after a restore that brought it back."""
    found = next((each for each in store.processors(tx) if each.key == key), None)
    if found is None:
        raise NotFound("There is no such processor here.")
    if not store.retire(tx, key, clock.now()):
        return False
    vault.destroy_subject(tx, key)
    said = ProcessorRetired(at=clock.now(), controller=tx.of, recipient=found.recipient, key=key, actor=by.id, role=by.role)
    append(tx, said)
    return True


def address_of(tx: Transaction, vault: Vault, processor: Processor) -> Address:
    sealed = store.sealed_address(tx, processor.key)
    opened = None if sealed is None else vault.open_value(tx, processor.key, sealed, _ADDRESS)
    match None if opened is None or isinstance(opened, Dark) else parse_json(opened):
        case {"url": str(url), "authorization": None}:
            return Address(url=Personal(url), authorization=None)
        case {"url": str(url), "authorization": str(authorization)}:
            return Address(url=Personal(url), authorization=Personal(authorization))
        case _:
            raise Conflict("This processor was retired: nobody knows any more how to get in. Register it anew.")


def _sealed(address: Address) -> bytes:
    reveal = "seal the address of a processor"
    told: Json = {
        "url": address.url.reveal(reveal),
        "authorization": None if address.authorization is None else address.authorization.reveal(reveal),
    }
    return canonical_json(told)

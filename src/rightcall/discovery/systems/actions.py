"""Registering other systems, looking at them again, saying what they are for, and retiring them.

Everything of a system is sealed with a key of the vault that is the system's own and belongs to no person. It is wrapped anew
each epoch like every other, and destroyed when the system is retired.
"""

from collections.abc import Sequence
from dataclasses import replace

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.context import headed
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.numbering import is_region
from rightcall.discovery.detection.patterns import Pattern, read_pattern
from rightcall.discovery.ports import Ability, Opener
from rightcall.discovery.systems import rules, store
from rightcall.discovery.systems.model import LONGEST_LABEL, Change, Erases, NewSystem, RegisteredSystem, SystemUse
from rightcall.discovery.systems.reach import Reach, from_anywhere, reach_of, relation_of
from rightcall.discovery.systems.statements import SystemChanged, SystemRegistered, SystemRetired, SystemWorded
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ids import PurposeId, SubjectId, SystemId, new_id
from rightcall.languages import Texts, canonical_language, checked_texts
from rightcall.ledger import actions as ledger
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.terms import check_categories
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_ADDRESS = "discovery.address"
_WRITING = "discovery.address_for_writing"


def abilities_of(open_system: Opener, address: Personal[str], *, writable: bool = False) -> frozenset[Ability]:
    """Opened and closed again: what it declares. NotFound, Malformed or SourceGone where it cannot be opened. Outside of any
    transaction, since it waits for somebody else's machine."""
    system = open_system(address, writable=True) if writable else open_system(address)
    try:
        return rules.declared(system.abilities)
    finally:
        system.close()


def writable_abilities_of(
    open_system: Opener, address: Personal[str], *, writing: Personal[str] | None, erases: Erases | None, corrects: bool
) -> frozenset[Ability]:
    """As `abilities_of`, opened to let go of things or to put them right too. Malformed where it cannot what is wished of it, or
    not be looked at again."""
    reading = abilities_of(open_system, address) if writing is not None else frozenset[Ability]()
    abilities = abilities_of(open_system, writing or address, writable=True)
    return rules.as_wished(abilities, erases, corrects=corrects) | reading


def register(
    tx: Transaction, vault: Vault, clock: Clock, new: NewSystem, *, abilities: frozenset[Ability], by: Actor
) -> RegisteredSystem:
    """Conflict where the name is taken, also by one that was retired; and where what lies there is looked at already by a system
    that it is not said to be a copy of."""
    _check(tx, new)
    for each in store.all_systems(tx):
        if each.name == new.name:
            raise Conflict(_taken(each))
    able = rules.as_wished(abilities, new.erases, corrects=new.corrects)
    _check_reach(tx, vault, new.address, new.copy_of)
    key, id = SubjectId(new_id()), SystemId(new_id())
    vault.create_subject(tx, key)
    at = clock.now()
    said = SystemRegistered(
        at=at,
        controller=tx.of,
        system=id,
        abilities=tuple(sorted(able)),
        purposes=_purposes(new.uses),
        copy_of=new.copy_of,
        actor=by.id,
        role=by.role,
    )
    system = RegisteredSystem(
        id=id,
        name=new.name,
        kind=rules.kind_of(new.address.reveal("tell of which kind a system is")),
        key=key,
        abilities=able,
        regions=new.regions,
        uses=new.uses,
        numbers=new.numbers,
        copy_of=new.copy_of,
        owner=by,
        registered_at=at,
        checked_at=at,
        retired_at=None,
        statement=ledger.append(tx, said),
        load=new.load,
        erases=new.erases,
        corrects=new.corrects,
    )
    store.insert(tx, system, _sealed(tx, vault, key, new.address, _ADDRESS))
    if new.writing is not None:
        store.seal_writing(tx, id, _sealed(tx, vault, key, new.writing, _WRITING))
    store.insert_uses(tx, id, new.uses)
    store.insert_numbers(tx, id, new.numbers)
    return system


def _taken(system: RegisteredSystem) -> str:
    if system.retired_at is None:
        return "There is a system of that name. See it with `rightcall system show`; for another one choose another name."
    return (
        f"A system of that name was retired on {system.retired_at:%Y-%m-%d}, and what it held stays under that name. Choose"
        f" another one, such as {system.name}-2."
    )


def systems(tx: Transaction) -> list[RegisteredSystem]:
    """Retired ones too, by name."""
    return store.all_systems(tx)


def own_patterns(tx: Transaction) -> list[Pattern]:
    """How numbers of the controller's own look, in whichever of its systems."""
    given = {f"{number.name}={number.expression}" for each in store.all_systems(tx) for number in each.numbers}
    return [read_pattern(each) for each in sorted(given)]


def spelt(tx: Transaction, identifier: Identifier) -> list[Identifier]:
    """As it is given, and where it is a number of the controller's own in other letters or without its marks, as its form has
    it too: a scan knows people by that."""
    if identifier.kind is not IdentifierKind.CUSTOMER_ID:
        return [identifier]
    given = identifier.value.reveal("spell as its form has it")
    others = (each.as_written(given) for each in own_patterns(tx))
    written = dict.fromkeys(each for each in others if each is not None and each != given)
    return [identifier, *(replace(identifier, value=Personal(each)) for each in written)]


def get(tx: Transaction, named: SystemId | str) -> RegisteredSystem:
    """By id or by name."""
    for each in store.all_systems(tx):
        if named in (each.id, str(each.id), each.name.text):
            return each
    raise NotFound("There is no such system here. `rightcall system list` shows those there are.")


def address_of(tx: Transaction, vault: Vault, system: RegisteredSystem) -> Personal[str]:
    """Conflict once it is retired."""
    sealed = store.sealed_address(tx, system.id)
    opened = None if sealed is None else vault.open_value(tx, system.key, sealed, _ADDRESS)
    if opened is None or isinstance(opened, Dark):
        raise Conflict("This system was retired: nobody knows any more how to get in. Register it anew under another name.")
    return Personal(opened.decode())


def address_for_erasing(tx: Transaction, vault: Vault, system: RegisteredSystem) -> Personal[str]:
    """As `address_of`, with the rights to change what lies there."""
    sealed = store.sealed_writing(tx, system.id)
    opened = None if sealed is None else vault.open_value(tx, system.key, sealed, _WRITING)
    if opened is None or isinstance(opened, Dark):
        return address_of(tx, vault, system)
    return Personal(opened.decode())


def checked(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    system: RegisteredSystem,
    change: Change,
    *,
    abilities: frozenset[Ability],
    by: Actor,
) -> RegisteredSystem:
    """It was opened and said again what it can do; and what `change` says is so from now on."""
    now = _changed(system, change)
    abilities = rules.as_wished(abilities, now.erases, corrects=now.corrects)
    _check(tx, now)
    if system.retired_at is not None:
        raise Conflict("This system was retired. Register it anew under another name.")
    if change.address is not None:
        _check_reach(tx, vault, change.address, now.copy_of, known=system)
    at = clock.now()
    store.change(
        tx,
        system.id,
        regions=now.regions,
        copy_of=now.copy_of,
        abilities=sorted(abilities),
        load=now.load,
        erases=now.erases,
        corrects=now.corrects,
        at=at,
    )
    _put(tx, vault, system, change)
    said = SystemChanged(
        at=at,
        controller=tx.of,
        system=system.id,
        abilities=tuple(sorted(abilities)),
        purposes=_purposes(now.uses),
        copy_of=now.copy_of,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return replace(now, abilities=abilities, checked_at=at)


def put_words(
    tx: Transaction, clock: Clock, system: RegisteredSystem, labels: Texts, *, keepers_language: str | None = None, by: Actor
) -> RegisteredSystem:
    """What those outside are told of it. `labels`: what customers read instead of its name, in these languages; nothing takes one
    away, and the others stay. `keepers_language`: None stays as it is, nothing is the controller's. Of a retired one too, since
    what it held stays under its name. The same again changes nothing."""
    said = {canonical_language(tag): words for tag, words in labels.items()}
    now = replace(system, labels=checked_texts({**system.labels, **said}, longest=LONGEST_LABEL))
    if keepers_language is not None:
        now = replace(now, keepers_language=canonical_language(keepers_language) if keepers_language else None)
    if now != system:
        store.put_words(tx, system.id, now.labels, now.keepers_language)
        said_so = SystemWorded(
            at=clock.now(), controller=tx.of, system=system.id, labels=len(now.labels), actor=by.id, role=by.role
        )
        ledger.append(tx, said_so)
    return now


def retire(tx: Transaction, vault: Vault, clock: Clock, system: RegisteredSystem, *, by: Actor) -> RegisteredSystem:
    """Its key is destroyed: how to get in, and every place that was known in it, is dark. Again is fine."""
    at = clock.now()
    if not store.retire(tx, system.id, at):
        return system
    vault.destroy_subject(tx, system.key)
    said = SystemRetired(at=at, controller=tx.of, system=system.id, key=system.key, actor=by.id, role=by.role)
    ledger.append(tx, said)
    return replace(system, retired_at=at, erases=None, corrects=False)


def corrects_by(system: RegisteredSystem, change: Change) -> bool:
    """As `change` would have it."""
    wished = system.corrects if change.corrects is None else change.corrects
    return wished and not change.read_only


def _changed(system: RegisteredSystem, change: Change) -> RegisteredSystem:
    return replace(
        system,
        regions=system.regions if change.regions is None else change.regions,
        uses=system.uses if change.uses is None else change.uses,
        numbers=system.numbers if change.numbers is None else change.numbers,
        load=system.load if change.load is None else change.load,
        copy_of=system.copy_of if change.copy_of is None else change.copy_of,
        erases=None if change.read_only or change.erases_nothing else change.erases or system.erases,
        corrects=corrects_by(system, change),
    )


def _put(tx: Transaction, vault: Vault, system: RegisteredSystem, change: Change) -> None:
    """What stands in tables of its own, or sealed."""
    if change.address is not None:
        store.reseal_address(tx, system.id, _sealed(tx, vault, system.key, change.address, _ADDRESS))
    if change.writing is not None:
        store.seal_writing(tx, system.id, _sealed(tx, vault, system.key, change.writing, _WRITING))
    if change.uses is not None:
        store.delete_uses(tx, system.id)
        store.insert_uses(tx, system.id, change.uses)
    if change.numbers is not None:
        store.delete_numbers(tx, system.id)
        store.insert_numbers(tx, system.id, change.numbers)


def _sealed(tx: Transaction, vault: Vault, key: SubjectId, address: Personal[str], context: str) -> bytes:
    return vault.seal_value(tx, key, from_anywhere(address).reveal("seal address of a system").encode(), context)


def _check_reach(
    tx: Transaction, vault: Vault, address: Personal[str], copy_of: Sequence[SystemId], *, known: RegisteredSystem | None = None
) -> None:
    """Conflict where it leads to what another live system looks at: each thing in it would stand there twice, as if two kept
    it. A copy that is said to be one may."""
    wished = reach_of(address.reveal("see where a system lies"))
    for each in store.all_systems(tx) if wished is not None else ():
        is_said = each.id in copy_of or (known is not None and known.id in (each.id, *each.copy_of))
        other = None if is_said else _reach(tx, vault, each)
        relation = None if wished is None or other is None else relation_of(wished, other)
        if relation is not None:
            raise Conflict(
                f"This {relation} {each.name}: all that lies there would be told twice, as if two systems kept it. If it is a"
                f" copy, say so (--copy-of {each.name}); or retire {each.name} first (`rightcall system retire {each.name}`)."
            )


def _reach(tx: Transaction, vault: Vault, system: RegisteredSystem) -> Reach | None:
    """None once it is retired, or where nobody can tell any more."""
    sealed = store.sealed_address(tx, system.id)
    opened = None if sealed is None else vault.open_value(tx, system.key, sealed, _ADDRESS)
    return reach_of(opened.decode()) if isinstance(opened, bytes) else None


def _check(tx: Transaction, said: NewSystem | RegisteredSystem) -> None:
    """All of it is known: places, purposes, categories, systems, and how numbers look."""
    if not all(map(is_region, said.regions)):
        raise Malformed("A region is the two letters of a country in capitals, such as DK (ISO 3166).")
    for purpose in _purposes(said.uses):
        purposes.get(tx, purpose)
    for use in said.uses:
        if use.term_field is not None and headed((use.term_field,), "\t").has(Kind.DATE_OF_BIRTH):
            raise Malformed(
                "A term counts from no day of birth: its last day would tell it. Name a field that tells when it began."
            )
    check_categories([use.category for use in said.uses if use.category is not None])
    for other in said.copy_of:
        get(tx, other)
    for each in said.numbers:
        read_pattern(f"{each.name}={each.expression}")
    if len({each.name for each in said.numbers}) != len(said.numbers):
        raise Malformed("Each pattern has a name of its own. Rename one of those that share a name.")


def _purposes(uses: Sequence[SystemUse]) -> tuple[PurposeId, ...]:
    return tuple(dict.fromkeys(use.purpose for use in uses))

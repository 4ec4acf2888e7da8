"""What a conserver has sent, as a system to be looked through. Its objects are named by the vCons' own uuids."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from rightcall.canonical import parse_json
from rightcall.database.connection import Database
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part
from rightcall.discovery.picking import is_whole, one_by_one, picked
from rightcall.discovery.ports import UNLIMITED, Ability, Gone, Listed, Load, Opener, Refusal, Seen, Spot, System
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.discovery.vcons import actions, store
from rightcall.discovery.vcons.model import CONSERVER
from rightcall.discovery.vcons.rules import parts_of
from rightcall.errors import Malformed, NotAllowed, NotFound
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_MOST = 1000


class SentVcons:
    """Implements `discovery.ports.System`. A vCon is the conserver's to let go of, and it is not asked: so erasing is none of its
    abilities."""

    def __init__(self, database: Database, vault: Vault, controller: ControllerId, system: RegisteredSystem) -> None:
        self._database = database
        self._vault = vault
        self._controller = controller
        self._system = system

    @property
    def abilities(self) -> frozenset[Ability]:
        return frozenset({Ability.FIND, Ability.EXPORT, Ability.CONFIRM})

    def objects(self) -> Iterator[Listed | PassedOver]:
        after: UUID | None = None
        while True:
            with self._database.transaction(self._controller) as tx:
                some = store.some(tx, self._system.id, after, _MOST)
            for each in some:
                yield Listed(name=str(each.id), fingerprint=each.mark.hex(), size=each.size, changed_at=each.received_at)
            if len(some) < _MOST:
                return
            after = some[-1].id

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        del sample
        content = self._content(object.name)
        if content is None:
            raise NotRead(Reason.VANISHED)
        return parts_of(object.name, parse_json(content))

    def sign(self, object: Listed) -> str | None:
        """What the list says is all there is."""
        del object
        return None

    def safety(self) -> Iterator[Seen]:
        return iter(())

    def export(self, spot: Spot) -> bytes:
        """The whole vCon, without its sound; of a part of it, what was said or written there."""
        content = self._content(spot.object)
        if content is not None and not is_whole(spot):
            content = picked(spot, parts_of(spot.object, parse_json(content)))
        if content is None:
            raise NotFound("There is no such vCon, or no such part of it, here (any more).")
        return content

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        return one_by_one(self.export, spots)

    def erase(self, spots: Sequence[Spot]) -> None:
        del spots
        raise NotAllowed("Let go of it at the conserver. It tells when that is done, and then our copy goes too.")

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        """Of our copy. Where that is there, so is the conserver's, as far as it has told; where it is not, it told that."""
        return {spot: Gone.GONE if self._content(spot.object) is None else Gone.THERE for spot in spots}

    def close(self) -> None:
        """Nothing is kept open."""

    def _content(self, name: str) -> bytes | None:
        with self._database.transaction(self._controller) as tx:
            sealed = store.sealed_of(tx, self._system.id, _id(name))
            opened = None if sealed is None else self._vault.open_value(tx, self._system.key, sealed, actions.SEALED_AS)
        return None if isinstance(opened, Dark) else opened


def source_of(
    database: Database,
    vault: Vault,
    controller: ControllerId,
    open_system: Opener,
    system: RegisteredSystem,
    address: Personal[str],
    *,
    load: Load = UNLIMITED,
) -> System:
    """What a conserver sends lies here; everything else is asked where it lies, and no harder than it may be worked."""
    if system.kind == CONSERVER:
        return SentVcons(database, vault, controller, system)
    return open_system(address, load=load.within(system.load))


def _id(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        pass
    raise Malformed("The objects of a conserver are named by the uuids of its vCons.")

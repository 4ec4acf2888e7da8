"""Killed anywhere, the round that was cut off is done again, and the package is whole. In a folder and in S3 alike."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from rightcall.adapters.objects.store import Objects
from rightcall.ids import HoldingId
from rightcall.requests.model import Request
from rightcall.requests.packages.model import State
from rightcall.requests.packages.procedure import Packaging
from rightcall.requests.packages.writing import Bench, delete_parts
from tests.erasure.elsewhere.scene import Died
from tests.procedures.fakes import InlineSteps
from tests.requests.packages.scene import Desk


@dataclass(slots=True)
class Dying:
    """A store before which a process dies once: at its `dies_at`th file, without it or with it."""

    store: Objects
    dies_at: int
    is_put: bool
    files: int = 0

    def put_file(self, key: str, path: Path) -> None:
        self.files += 1
        dies = self.files == self.dies_at
        if dies and not self.is_put:
            raise Died
        self.store.put_file(key, path)
        if dies:
            raise Died

    def get_range(self, key: str, start: int, length: int) -> bytes:
        return self.store.get_range(key, start, length)

    def size(self, key: str) -> int:
        return self.store.size(key)

    def delete(self, key: str) -> None:
        self.store.delete(key)

    def delete_all(self, keys: Sequence[str]) -> list[str]:
        return self.store.delete_all(keys)

    def delete_together(self, places: Mapping[str, Collection[HoldingId]]) -> Sequence[HoldingId]:
        return self.store.delete_together(places)

    def list(self, prefix: str) -> Iterator[str]:
        return self.store.list(prefix)


def make_with(desk: Desk, objects: Dying, request: Request) -> None:
    packaging = desk.packaging
    dying = Packaging(
        database=packaging.database,
        tools=packaging.tools,
        audio=packaging.audio,
        open_system=packaging.open_system,
        dial=packaging.dial,
        bench=Bench(objects=objects, spool=desk.spool),
    )
    dying(InlineSteps(), str(desk.world.controller), str(request.id))


@pytest.mark.parametrize("dies_at", [1, 2, 3, 4])
@pytest.mark.parametrize("is_put", [False, True], ids=["before", "after"])
def test_what_was_cut_off_is_done_again(desk: Desk, dies_at: int, is_put: bool) -> None:
    desk.world.recorded()
    request = desk.asked()
    dying = Dying(desk.world.objects, dies_at, is_put)
    with pytest.raises(Died):
        make_with(desk, dying, request)
    assert desk.package(request.id).state is State.MAKING
    got = desk.got(request)
    assert len(got.ending(".wav")) == 1
    assert len(got.names) == len(set(got.names))
    package = desk.package(request.id)
    assert delete_parts(desk.world.objects, desk.world.controller, package.id)
    assert not [each for each in desk.world.stored() if "packages" in each]


@pytest.mark.parametrize("is_done", [False, True], ids=["not done", "done all the same"])
def test_an_outage_is_waited_for(desk: Desk, is_done: bool) -> None:
    desk.world.recorded()
    request = desk.asked()
    fails = frozenset({"begin", "go on"})
    steps = InlineSteps(fail_after=fails) if is_done else InlineSteps(fail_before=fails)
    assert desk.make(request, steps).state is State.READY
    assert desk.opened(request).ending(".wav")
    so_far = [each.done for each in steps.told]
    assert so_far == sorted(so_far)
    assert so_far[-1] == steps.told[-1].of > 0, "it says how far it is, up to its end"


def test_two_workers_at_once_make_one_package(desk: Desk) -> None:
    """Each goes on with what the other did, or finds that it was overtaken."""
    desk.world.recorded()
    request = desk.asked()
    other = InlineSteps()

    class Between(InlineSteps):
        def run(self, name, deed):  # type: ignore[no-untyped-def]  # Steps' own signature
            if name == "go on" and "go on" not in self.ended:
                desk.packaging(other, str(desk.world.controller), str(request.id))
            return super().run(name, deed)

    assert desk.make(request, Between()).state is State.READY
    assert len(desk.opened(request).ending(".wav")) == 1


def test_in_s3_it_is_the_same(desk: Desk, bucket: str, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    desk.world.recorded()
    held = desk.world.objects
    store = Objects(f"s3://{bucket}/kept", endpoint)
    for key in desk.world.stored():
        scratch = desk.spool.parent / "scratch-s3"
        scratch.write_bytes(held.get_range(key, 0, held.size(key)))
        store.put_file(key, scratch)
    desk.world.objects = store
    request = desk.asked()
    got = desk.got(request)
    assert len(got.ending(".wav")) == 1
    package = desk.package(request.id)
    assert delete_parts(store, desk.world.controller, package.id)
    assert not [each for each in desk.world.stored() if "packages" in each]

"""Whoever answers Ada: asks for her package, makes it, hands it over, and looks into what she got."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rightcall.actors import Actor, Role
from rightcall.adapters.audio.render import PyAvAudio
from rightcall.adapters.opendsr import dial
from rightcall.ids import RequestId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests.actions import Came
from rightcall.requests.model import Request, RequestKind
from rightcall.requests.packages import actions, sealing
from rightcall.requests.packages.model import Handed, Package, State
from rightcall.requests.packages.procedure import Packaging
from rightcall.requests.packages.writing import Bench
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import JoinReason
from tests.erasure.elsewhere.scene import Away
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps

DPO = Actor(id=new_id(), role=Role.DPO)


@dataclass(slots=True, kw_only=True)
class Desk:
    world: World
    away: Away
    spool: Path
    steps: list[InlineSteps] = field(default_factory=list)

    @property
    def packaging(self) -> Packaging:
        return Packaging(
            database=self.world.database,
            tools=self.world.scene.tools,
            audio=PyAvAudio(),
            open_system=self.away.open,
            dial=dial,
            bench=Bench(objects=self.world.objects, spool=self.spool),
        )

    def asked(self, kind: RequestKind = RequestKind.ACCESS, *, of: SubjectId | None = None, language: str = "en") -> Request:
        """By a DPO, who vouches."""
        with self.world.deed() as tx:
            subject = of or self.world.ada
        with self.world.deed() as tx:
            came = Came(language=language)
            return requests.receive(tx, self.world.vault, self.world.clock, subject=subject, kind=kind, by=DPO, came=came)

    def make(self, request: Request, steps: InlineSteps | None = None) -> Package:
        self.packaging(steps or InlineSteps(), str(self.world.controller), str(request.id))
        return self.package(request.id)

    def package(self, request: RequestId) -> Package:
        with self.world.deed() as tx:
            return actions.get(tx, request)

    def hand_over(self, request: Request) -> Handed:
        with self.world.deed() as tx:
            return actions.hand_over(tx, self.world.vault, self.world.clock, request.id, by=DPO)

    def open(self, handed: Handed, *, link: str | None = None, code: str | None = None) -> bytes | None:
        """What the parts open with."""
        given = Personal(link or handed.link)
        with self.world.database.system() as tx:
            found = actions.find_by_link(tx, given)
        if found is None:
            return None
        with self.world.deed() as tx:
            return actions.open_with(
                tx, self.world.vault, self.world.clock, found[1], link=given, code=Personal(code or handed.code)
            )

    def bytes(self, handed: Handed, key: bytes, start: int = 0, end: int | None = None) -> bytes:
        with self.world.deed() as tx:
            parts = actions.parts(tx, handed.package)
        until = sum(each.plain_length for each in parts) if end is None else end
        return b"".join(sealing.stream(self.world.controller, handed.package, key, self.world.objects, parts, start, until))

    def got(self, request: Request) -> "Got":
        """All of it: made, handed over, opened."""
        assert self.make(request).state is State.READY
        return self.opened(request)

    def opened(self, request: Request) -> "Got":
        handed = self.hand_over(request)
        key = self.open(handed)
        assert key is not None
        return Got(zipfile.ZipFile(io.BytesIO(self.bytes(handed, key))))

    def join(self, one: SubjectId, other: SubjectId) -> None:
        with self.world.deed() as tx:
            joining.join(tx, self.world.vault, self.world.clock, other, into=one, reason=JoinReason.ENTERED_TWICE, by=DPO)


class Got:
    """What Ada has in her hands."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file
        assert file.testzip() is None

    @property
    def names(self) -> list[str]:
        return self.file.namelist()

    def json(self, name: str) -> Any:
        return json.loads(self.file.read(name))

    def text(self, name: str) -> str:
        return self.file.read(name).decode()

    def all_text(self) -> str:
        return "\n".join(self.text(each) for each in self.names if each.endswith((".html", ".json", ".txt")))

    def things(self) -> list[dict[str, Any]]:
        return [each for name in self.names if name.startswith("things-") and name.endswith(".json") for each in self.json(name)]

    def ending(self, ending: str) -> list[str]:
        return [each for each in self.names if each.endswith(ending)]

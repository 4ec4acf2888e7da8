"""What makes a package, run to its end at once."""

from pathlib import Path

from rightcall.adapters.audio.render import PyAvAudio
from rightcall.adapters.opendsr import dial
from rightcall.adapters.systems.opening import open_system
from rightcall.ids import ControllerId
from rightcall.requests.packages.procedure import Packaging
from rightcall.requests.packages.writing import Bench
from tests.api.fakes import RealHouse
from tests.procedures.fakes import InlineSteps


def make_package(house: RealHouse, controller: ControllerId, request: str, spool: Path) -> None:
    packaging = Packaging(
        database=house.database,
        tools=house.tools,
        audio=PyAvAudio(),
        open_system=open_system,
        dial=dial,
        bench=Bench(objects=house.objects, spool=spool),
    )
    packaging(InlineSteps(), str(controller), request)

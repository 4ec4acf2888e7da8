"""What scans other systems, by the settings of this house: for the worker, and for whoever has a scan run at once."""

from rightcall.discovery.ports import Toil
from rightcall.discovery.scans.procedure import Scanning
from rightcall.wiring import House


def scanning_of(house: House) -> Scanning:
    """What scans other systems."""
    return Scanning(
        database=house.database,
        vault=house.vault,
        clock=house.clock,
        open_system=house.open_system,
        toil=Toil(seconds=house.settings.scan_object_seconds),
    )

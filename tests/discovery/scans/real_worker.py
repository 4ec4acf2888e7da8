"""A worker as `rightcall serve` runs it, as a process of its own, but with a lease that a test can wait for."""

from dataclasses import replace

from rightcall.discovery.scans.procedure import Scanning
from rightcall.settings import load_settings
from rightcall.wiring import House
from rightcall.worker import main, procedures

LEASE_SECONDS = 15.0
_as_always = procedures.scanning_of


def _sooner(house: House) -> Scanning:
    return replace(_as_always(house), lease=LEASE_SECONDS)


if __name__ == "__main__":
    procedures.scanning_of = _sooner
    main.run(load_settings())

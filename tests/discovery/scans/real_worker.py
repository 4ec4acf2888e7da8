"""A worker as `rightcall serve` runs it, as a process of its own, but with a lease that a test can wait for."""

from dataclasses import replace

from rightcall.discovery.scans.procedure import Scanning
from rightcall.settings import load_settings
from rightcall.wiring import House
from rightcall.worker import main, procedures
from rightcall.worker.scanning import scanning_of

LEASE_SECONDS = 15.0


def _sooner(house: House) -> Scanning:
    return replace(scanning_of(house), lease=LEASE_SECONDS)


if __name__ == "__main__":
    vars(procedures)[scanning_of.__name__] = _sooner
    main.run(load_settings())

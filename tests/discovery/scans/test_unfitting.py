"""After a scan it is told which uses fit nothing that lies there."""

from dataclasses import replace
from pathlib import Path

from rightcall.discovery.scans import unfitting
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change
from tests.discovery.linking.test_letters import site
from tests.discovery.scans.fakes import BY, Site

__all__ = ["site"]


def test_a_use_that_fits_nothing_is_told_once_a_scan_listed_what_is_there(site: Site, tmp_path: Path) -> None:
    (tmp_path / "møder og sager").mkdir()
    people = (f"KD-{number:06},Ada Holm,ada{number}@caller.example\n" for number in range(20))
    (tmp_path / "møder og sager" / "customers.csv").write_text("customer_no,name,email\n" + "".join(people))
    (tmp_path / "KD-000001.txt").write_text("Note.\n")
    [use] = site.system.uses
    shapes = ("møder og sager/*", "møder og sager/customer.csv", "KD-000002.txt", "*")
    change = Change(uses=tuple(replace(use, objects=shape) for shape in shapes))
    with site.database.transaction(site.controller) as tx:
        site.system = systems.checked(tx, site.vault, site.clock, site.system, change, abilities=site.system.abilities, by=BY)
        assert unfitting.misfits_of(tx, site.vault, site.system) == []
    site.scanned()
    with site.database.transaction(site.controller) as tx:
        told = unfitting.misfits_of(tx, site.vault, site.system)
    assert [(each.objects, each.like) for each in told] == [
        ("møder og sager/customer.csv", ("møder og sager/customers.csv",)),
        ("KD-000002.txt", ()),
    ]
    assert "fits nothing" in unfitting.told(told[0])

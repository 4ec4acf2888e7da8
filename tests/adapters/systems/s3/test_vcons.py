"""vCons in a bucket are read, handed out and let go of as those in a folder are."""

import json
from typing import Any

from rightcall.adapters.systems.opening import open_system
from rightcall.discovery.parts import Rows
from rightcall.discovery.ports import Ability, Gone, Listed, Spot
from rightcall.discovery.systems.rules import kind_of
from rightcall.personal import Personal
from tests.adapters.systems.test_vcons import VCON


def test_vcons_in_a_bucket(client: Any, bucket: str, address: str) -> None:
    client.put_object(Bucket=bucket, Key="2026/a.vcon", Body=json.dumps(VCON).encode())
    system = open_system(Personal(f"vcons:{address}"), writable=True)
    assert kind_of(f"vcons:{address}") == "vcons"
    (listed,) = system.objects()
    assert isinstance(listed, Listed)
    (parties,) = (part for part in system.read(listed) if isinstance(part, Rows))
    assert parties.rows[0].cells[:2] == ("+4520123456", "Ada")
    whole, part = Spot(object="2026/a.vcon"), Spot(object="2026/a.vcon", row="parties/0", field="tel")
    assert system.export(part) == b"+4520123456"
    assert json.loads(system.export(whole)) == VCON
    assert set(system.confirm([whole, part]).values()) == {Gone.THERE}
    assert Ability.ERASE in system.abilities
    system.erase([whole])
    assert set(system.confirm([whole, part]).values()) == {Gone.GONE}
    system.close()

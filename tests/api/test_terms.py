"""Another term of a purpose through the API: what it is about, by us and in other systems."""

from rightcall.controllers.model import Controller
from rightcall.purposes import actions as purposes
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.discovery.mapping.scene import lies_in_crm
from tests.purposes.examples import DPO, TRAINING


def test_what_another_term_moves_in_other_systems_is_told_by_system(
    house: RealHouse, company: Controller, clients: Clients
) -> None:
    with house.database.transaction(company.id) as tx:
        purpose = purposes.create_purpose(tx, house.clock, TRAINING, by=DPO).id
        system = lies_in_crm(tx, house.vault, house.clock, purpose, 3)
    there = {"system": str(system), "system_name": "crm", "items": 3, "people": 1, "over": 0}
    longer = clients.auditor.get(f"/api/v1/terms/{purpose}/longer").json()
    assert (longer["items"], longer["elsewhere"], longer["systems"]) == (0, 3, [there])
    shorter = clients.dpo.post(f"/api/v1/terms/{purpose}/shorter", json={"term_days": TRAINING.term_days - 1}).json()
    assert (shorter["items"], shorter["elsewhere"], shorter["systems"]) == (0, 3, [there])

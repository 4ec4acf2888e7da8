"""Ada's page after a call of hers, beside Ben's, who is another customer."""

from collections.abc import Iterator

import pytest

from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from tests.api.fakes import RealHouse
from tests.api.scene import done, ring, signing
from tests.cast import BEN_TEL
from tests.portal.scene import Browser, Page, at_the_page, sign_in
from tests.standing import SetClock


@pytest.fixture
def page(house: RealHouse, company: Controller, set_clock: SetClock) -> Iterator[Page]:
    """Ada said yes in a call that is over."""
    set_clock.at = SystemClock().now()
    with at_the_page(house, company) as (clients, ada), signing(house, set_clock):
        scene = ring(house, clients)
        done(scene.choose("granted"), 201)
        scene.hear()
        scene.hang_up()
        with house.database.transaction(company.id) as tx:
            subjects.identify(tx, house.vault, house.clock, [normalise(IdentifierKind.TEL, Personal(BEN_TEL), "DK")])
        ben = Browser(ada.address, ada.me)
        sign_in(house, ada)
        sign_in(house, ben, BEN_TEL)
        yield Page(house, company, scene, clients, ada, ben, set_clock)

"""The DPO says in writing, at the console, whether anything is held under a number: for an authority that asks."""

import re
from html import unescape

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from rightcall.evidence.model import Asked, Verified
from rightcall.evidence.verify import verify
from rightcall.ledger.checkpoint import key_of
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from tests.api.fakes import RealHouse
from tests.api.scene import signing
from tests.cast import ADA_TEL, BEN_TEL
from tests.console.people import console_of
from tests.standing import SetClock


def test_an_authority_is_told_whether_anything_is_held_and_can_check_it(
    house: RealHouse, company: Controller, set_clock: SetClock
) -> None:
    set_clock.at = SystemClock().now()
    ada, ben = (normalise(IdentifierKind.TEL, Personal(each), "DK") for each in (ADA_TEL, BEN_TEL))
    with house.database.transaction(company.id) as tx:
        subjects.identify(tx, house.vault, house.clock, [ada])
    with console_of(house, company) as console, signing(house, set_clock):
        client = console.client(console.session_of(console.hire(Role.DPO).id))
        form = client.get("/console/attestations").text
        [token] = set(re.findall(r'name="form" value="([^"]+)"', form))
        for who, told in ((ada, "Something is held under it"), (ben, "Nothing is held under it")):
            sent = {"form": token, "kind": "tel", "value": who.value.reveal("test"), "shown_by": "authority"}
            shown = unescape(client.post("/console/attestations", data=sent).text)
            assert told in shown
            assert who.value.reveal("test") not in shown
            [opening] = re.findall(r"<dd>([0-9a-f]{64})</dd>", shown)
            [file] = re.findall(r'href="(/console/attestations/[0-9a-f-]{36}/file)"', shown)
            handed = client.get(file)
            found = verify(handed.content, key_of(house.signer).text, asked=Asked(identifier=who, opening=opening))
            assert isinstance(found, Verified), found
            assert opening not in handed.text
        refused = client.post("/console/attestations", data={**sent, "shown_by": "code"})
        assert (refused.status_code, "word" in refused.text) == (422, True)
        client.close()

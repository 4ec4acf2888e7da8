"""Each of the seven kinds of requests at the console: entered, shown to be theirs, told in a letter, and answered or left to what
answers it. And what nobody should send there breaks nothing."""

import re

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from rightcall.requests.limiting import LIMITS
from rightcall.requests.model import RequestKind
from rightcall.requests.rules import AUTOMATIC
from rightcall.requests.wording import words_of
from rightcall.staff.sessions.actions import form_token
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import ring
from tests.console.people import console_of

ODD = "\ud800".encode("utf-8", "surrogatepass").decode("latin-1") + "\u202e<script>"


def test_each_kind_goes_its_whole_way(house: RealHouse, company: Controller) -> None:
    scene = ring(house, Clients(house, company))
    subject = next(each["subject"] for each in scene.detail()["parties"] if each["role"] == "customer")
    with console_of(house, company) as console:
        secret = console.session_of(console.hire(Role.DPO).id)
        with console.client(secret) as asking:

            def sends(place: str, **form: str) -> tuple[int, str]:
                answer = asking.post(place, data={"form": form_token(secret)} | form)
                return answer.status_code, answer.headers.get("location", answer.text)

            for kind in RequestKind:
                new = f"/console/requests/new?subject={subject}"
                assert sends(new, kind=kind.value, proof=ODD, channel="phone", language="en", behalf="self")[0] == 422, kind
                form = {"kind": kind.value, "proof": "vouched", "channel": "phone", "language": "en", "behalf": "self"}
                status, place = sends(new, **form)
                assert (status, bool(re.fullmatch(r"/console/requests/[0-9a-f-]{36}", place))) == (303, True), (kind, place)
                shown = asking.get(place)
                assert shown.status_code == 200, kind
                assert sends(f"{place}/acknowledge")[0] == 303, kind
                for letter in ("acknowledgement", "progress"):
                    assert asking.get(f"{place}/letters/{letter}").status_code == 200, (kind, letter)
                if kind in AUTOMATIC:
                    assert sends(f"{place}/fulfil")[0] == 422, f"{kind} is answered by what does it"
                else:
                    assert sends(f"{place}/deny", ground=ODD)[0] == 422, kind
                assert sends(f"{place}/extend", reason="complex")[0] in (303, 422), kind
                assert sends(f"{place}/lift")[0] == 422, f"{kind}: nobody was told before"
                if kind in LIMITS:
                    assert sends(f"{place}/fulfil")[0] == 303, kind
                    told = asking.get(f"{place}/letters/answer").text
                    assert words_of("en").say("fulfilled", kind) in told, kind

"""A reviewer says a purpose in Finnish by form; an agent whose browser is Finnish reads it at the desk."""

from collections.abc import Iterator

import httpx
import pytest
from lxml import html

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, Scene, ring
from tests.cast import AGENT_SIP
from tests.console.people import Console, console_of
from tests.purposes.finnish import ALOUD, HARMS, TITLE, WHY

PLACE = "/console/purposes/training/translations/fi"


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    return ring(house, Clients(house, company))


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


def test_from_the_form_to_the_desk(console: Console, scene: Scene) -> None:
    with console.client(console.session_of(console.hire(Role.REVIEWER).id)) as reviewer:
        assert "Not translated: Deutsch, Français, Español, Dansk, Svenska, Suomi and Nederlands." in _read(reviewer)
        assert str(PURPOSE["title"]) in reviewer.get(PLACE).text
        form = _form(reviewer.get(PLACE).text)
        given = form | {"title": TITLE, "justification": WHY, "said_aloud": ALOUD}
        missing = reviewer.post(PLACE, data=given)
        assert missing.status_code == 422
        assert missing.text.count("Translate this too.") == 2 * 3 * len(HARMS), "at the head, and at each field"
        given |= {f"harms.{nth}.{part}": said for nth, harm in enumerate(HARMS) for part, said in harm.items()}
        assert reviewer.post(PLACE, data=given).status_code == 303
        assert "Not translated: Deutsch, Français, Español, Dansk, Svenska and Nederlands." in _read(reviewer)
        assert f'<span lang="fi">{TITLE}</span>' in reviewer.get("/console/purposes/training").text
        assert HARMS[1]["done"] in reviewer.get(PLACE).text
        assert reviewer.get("/console/purposes/training/translations?language=pt-br").headers["location"].endswith("/pt-BR")
        assert reviewer.get(PLACE.replace("/fi", "/en")).status_code == 400
        seven = console.hire(Role.AGENT, "Agent Seven", address=AGENT_SIP.removeprefix("sip:"))
        with console.client(console.session_of(seven.id)) as agent:
            agent.headers["Accept-Language"] = "fi"
            at_desk = agent.get(f"/desk/{scene.call}").text
            assert TITLE in at_desk
            assert str(PURPOSE["title"]) not in at_desk
            assert reviewer.post(f"{PLACE}/retire", data=form).status_code == 303
            assert f'<span lang="en">{PURPOSE["title"]}</span>' in agent.get(f"/desk/{scene.call}").text


def _read(reviewer: httpx.Client) -> str:
    return str(html.fromstring(reviewer.get("/console/purposes/training").text).text_content())


def _form(text: str) -> dict[str, str]:
    return {name: text.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("form", "review")}

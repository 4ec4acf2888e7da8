"""What a company wrote in its own language is marked as such on every page of the console, which is in English: so that whoever
hears a page hears it in that language (WCAG 2.2, 3.1.2)."""

import re
from html.parser import HTMLParser

import pytest

from rightcall.actors import Role
from rightcall.controllers.actions import set_language
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, Scene, done, ring
from tests.console.people import console_of
from tests.reviews.words import FORM

OWN = "de"
TITLE, JUSTIFICATION = "Wir lernen aus Gesprächen", "Neue Leute lernen aus echten Gesprächen."
WORDS = [TITLE, JUSTIFICATION, *FORM["answers"].values()]
SINGLE = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
AFAR = re.compile(r"/console(?:/(?!dpia|lia)[A-Za-z0-9_-]+)*(?:\?purpose=[a-z]+)?")  # those two are documents, not pages
MOST = 90


class Heard(HTMLParser):
    """Each text of a page, with the language that it is in, and the pages that it leads to."""

    def __init__(self) -> None:
        super().__init__()
        self._within: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.leads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.leads += [given["href"] or ""] if tag == "a" and "href" in given else []
        if tag not in SINGLE:
            self._within.append((tag, given.get("lang") or (self._within[-1][1] if self._within else "")))

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._within and self._within[-1][0] != "title":
            self.texts.append((self._within[-1][1], data))


@pytest.fixture
def scene(house: RealHouse, company: Controller, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setitem(PURPOSE, "title", TITLE)
    monkeypatch.setitem(PURPOSE, "justification", JUSTIFICATION)
    scene = ring(house, Clients(house, company))
    scene.choose("granted")
    scene.hear()
    scene.hang_up()
    form = FORM | {"answers": FORM["answers"] | {"kept_safe": "It is sealed, and nobody but a supervisor and the DPO opens it."}}
    done(scene.clients.dpo.post("/api/v1/purposes/training/reviews", json=form), 201)
    with house.database.system() as tx:
        set_language(tx, company.id, OWN)
    return scene


def test_every_page_of_the_console_marks_the_companys_own_words(house: RealHouse, company: Controller, scene: Scene) -> None:
    bare = set[tuple[str, str]]()
    marked, seen, next_ones = set[str](), set[str](), ["/console", "/console/reviews/new?purpose=training"]
    with console_of(house, company) as console, console.client(console.session_of(console.hire(Role.DPO).id)) as client:
        while next_ones and len(seen) < MOST:
            path = next_ones.pop(0)
            seen.add(path)
            answer = client.get(path)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            heard = Heard()
            heard.feed(answer.text)
            for language, text in heard.texts:
                found = {each for each in WORDS if each in text}
                if found and language != OWN:
                    bare.add((path, text.strip()[:100]))
                marked |= found
            next_ones += [each for each in dict.fromkeys(heard.leads) if AFAR.fullmatch(each) and each not in seen | {*next_ones}]
    assert bare == set()
    assert marked >= {*WORDS[:3]}, "each of them was seen somewhere"
    assert len(seen) > 40

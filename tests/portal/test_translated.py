"""Whoever reads Finnish reads a purpose in Finnish, wherever a page names one; whoever reads a language that nobody translated
it into hears that the words are English."""

import httpx

from rightcall.actors import Role
from rightcall.cli.register import apply_register, read_register
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.design.tongues import NAMES
from rightcall.personal import Personal
from rightcall.reviews import actions as reviews
from rightcall.reviews.model import Capacity
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, done
from tests.cast import BEN_TEL
from tests.console.test_own_words import Heard
from tests.portal.scene import Browser, Page, at_the_page, sign_in
from tests.purposes.finnish import ALOUD, FINNISH, HARMS, SIGNED, TITLE, WHY
from tests.registers import DEMO
from tests.reviews.words import somebody

ENGLISH = (PURPOSE["title"], PURPOSE["justification"], *SIGNED)
PAGES = ("home", "choices", "calls", "elsewhere", "decisions", "concern")


def test_her_pages_are_whole_in_her_language_and_mark_what_is_not(page: Page) -> None:
    done(page.clients.dpo.post("/api/v1/purposes/training/translations", json=FINNISH), 201)
    page.ada.headers["Accept-Language"] = "fi"
    every = [*PAGES, f"calls/{page.scene.call}", f"/about/{page.company.id}"]
    finnish = {each: page.ada.get(each).text for each in every}
    left = [(each, words) for each, text in finnish.items() for words in ENGLISH if str(words) in text]
    assert left == []
    whole = "".join(finnish.values())
    assert all(words in whole for words in (TITLE, WHY, ALOUD, HARMS[0]["how"], HARMS[1]["done"]))
    page.ada.headers["Accept-Language"] = "de"
    for each in every:
        heard = Heard()
        heard.feed(page.ada.get(each).text)
        bare = [(language, text) for language, text in heard.texts if language != "en" and any(str(w) in text for w in ENGLISH)]
        assert bare == [], each


def test_the_demo_says_each_of_its_purposes_in_every_language(house: RealHouse) -> None:
    """What its companies wrote in English is left on no page of a Finnish reader."""
    register = read_register(DEMO)
    apply_register(house.database, house.clock, register, house.rules)
    for entry in register.controllers:
        of = _signed(house, entry.name)
        own = {each.title for each in entry.purposes} | {each.justification for each in entry.purposes}
        own |= {each.review.answers.said_aloud for each in entry.purposes if each.review is not None}
        with at_the_page(house, of) as (_, ben):
            _let_in(house, of, ben)
            ben.headers["Accept-Language"] = "fi"
            notice = f"/api/v1/public/notice/page?controller={of.id}&language=fi"
            for each in (*PAGES, f"/about/{of.id}", notice):
                text = ben.get(each).text
                assert [words for words in own if words in text] == [], each
            for tongue in NAMES:
                about = httpx.get(f"{ben.address}/about/{of.id}", headers={"Accept-Language": tongue}).text
                left = [words for words in own if words in about]
                assert (left == []) is (tongue != "en"), (tongue, left)


def _signed(house: RealHouse, name: str) -> Controller:
    """Its reviews are in force."""
    with house.database.system() as tx:
        every = [controllers.by_id(tx, each) for each in controllers.all_ids(tx)]
    [of] = [each for each in every if each.name == name]
    with house.database.transaction(of.id) as tx:
        for waiting in reviews.waiting(tx, house.clock, house.rules):
            for capacity, role in ((Capacity.FOR_THE_HOUSE, Role.SUPERVISOR), (Capacity.FOR_AGENTS, Role.AGENT)):
                reviews.sign(tx, house.clock, house.rules, waiting.review.id, capacity, by=somebody(role))
    return of


def _let_in(house: RealHouse, of: Controller, ben: Browser) -> None:
    with house.database.transaction(of.id) as tx:
        subjects.identify(tx, house.vault, house.clock, [normalise(IdentifierKind.TEL, Personal(BEN_TEL), "DK")])
    assert sign_in(house, ben, BEN_TEL).status_code == 303

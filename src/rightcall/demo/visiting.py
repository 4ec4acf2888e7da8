"""The demo's chapter in which a customer opens their own page, as their browser would."""

import re
from http.cookies import SimpleCookie

import httpx

from rightcall.demo.outside.model import Letter
from rightcall.demo.show import Show
from rightcall.demo.stage import Stage
from rightcall.portal.visiting import cookie_of

DAN = "+442079460044"
_STRANGER = "+442079460999"
_DIGITS = re.compile(r"\d[\d ]{6,}\d")
_ONWARDS = 303


def own_page(stage: Stage, show: Show) -> None:
    show.chapter("Dan looks at what is kept about him")
    [company, *_] = stage.outside.town.companies.values()
    me = f"/me/{company}"
    show.say("He opens his own page and gives his number. Somebody else tries a number that nobody here has.")
    with httpx.Client(base_url=f"http://{stage.http}", headers={"Origin": f"http://{stage.http}"}, trust_env=False) as browser:
        asked = [browser.post(f"{me}/code", data={"identifier": tel}) for tel in (_STRANGER, DAN)]
        show.check("Both are answered alike: a code is on its way, if the number is known.", holds=_are_alike(asked))
        came = stage.patience.until(lambda: bool(_texts_for(stage, DAN)), "the text with the code")
        show.check("One text came, for Dan. The demo's own page shows it.", holds=came and not _texts_for(stage, _STRANGER))
        words = _texts_for(stage, DAN)[-1].words.reveal("read the code") if came else ""
        found = _DIGITS.search(words)
        entered = browser.post(asked[1].headers["location"], data={"digits": found.group() if found else ""})
        name = cookie_of(company)
        cookie = SimpleCookie(entered.headers.get("set-cookie", "")).get(name)
        shown = browser.get(f"{me}/calls", headers={"Cookie": f"{name}={cookie.value}"} if cookie else {})
        show.check("With it his page opens, and shows his call.", holds=shown.status_code == 200 and f"{me}/calls/" in shown.text)


def _are_alike(answers: list[httpx.Response]) -> bool:
    shapes = {(each.status_code, len(each.headers.get("location", ""))) for each in answers}
    return len(shapes) == 1 and all(each.status_code == _ONWARDS for each in answers)


def _texts_for(stage: Stage, tel: str) -> list[Letter]:
    return [each for each in stage.outside.town.letters if each.to.reveal("find a customer's text") == tel]

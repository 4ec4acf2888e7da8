"""A reviewer's day, in a real browser without scripts: what waits, words that people hear, a review, house rules; never alone."""

from collections.abc import Iterator

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.console import house_rules
from rightcall.controllers.model import Controller
from rightcall.procedures.journal import DatabaseJournal
from rightcall.procedures.model import Reached, Started, State
from rightcall.purposes import actions as purposes
from rightcall.reviews import actions as reviews
from rightcall.reviews.model import NewReview
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.actions import form_token
from rightcall.staff.sessions.limits import limits_of
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import NOTICE, PURPOSE, done, review
from tests.browser import NARROW, WIDE, against
from tests.console.people import Console, console_of
from tests.reviews.words import FORM, content

TITLE = str(PURPOSE["title"])
PLANTED = "</textarea><script>document.title='planted'</script>"
VOID = "We record this call to train our agents. If you stay on the line, you agree."
RULE = """@id("house.marketing_is_not_for_agents")
@value("respect: what people say is not entertainment")
@owner("dpo")
@in_force_from("2026-11-01")
@last_checked("2026-11-02")
@jurisdiction("*")
@says("What is kept for marketing is not played to agents.")
@instead("It would be right for a supervisor, with a reason and a case.")
forbid (principal, action == Action::"play", resource)
when { context.purpose.key == "marketing" && context.actor.role == Role::"agent" };
"""
SITUATION = """says = "Somebody plays what Ada said for marketing."
why = "It is kept for marketing."
act = "play"
jurisdictions = ["DK"]
actor = "{role}"
speaker = 1
carries_card_data = false
carries_authentication_data = false
reason_given = true
case_given = true
last_day = 2026-12-23
collected_for = ["marketing"]

[purpose]
key = "marketing"
may_use = ["agent", "supervisor"]

[[parties]]
role = "customer"
answer = "granted"

[expect]
outcome = "{outcome}"
rules = ["{rules}"]
"""
SITUATIONS = (
    ("marketing-agent.toml", "agent", "proceed", "house.marketing_is_not_for_agents"),
    ("marketing-supervisor.toml", "supervisor", "proceed", "basis.consent"),
)
BETTER = (
    "May Example Energy record your side of this call to train our agents? You can say no, and change your mind at any moment; we"
    " help you just the same. Press 1 for yes or 2 for no."
)


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    """A purpose that runs, on words that could be better."""
    clients = Clients(house, company)
    made = done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)["id"]
    done(clients.dpo.post(f"/api/v1/purposes/{made}/notices", json=NOTICE), 201)
    review(clients)
    with console_of(house, company) as console:
        yield console


def page_of(console: Console, chromium: Browser, role: Role) -> Page:
    return console.page(chromium, console.session_of(console.hire(role).id), java_script_enabled=False)


def is_fair(console: Console, chromium: Browser, role: Role, *paths: str) -> None:
    """Nothing against these pages, narrow and wide, light and dark; and what was planted is words."""
    secret = console.session_of(console.hire(role).id)
    for scheme, size in (("light", NARROW), ("dark", WIDE)):
        looking = console.page(chromium, secret, color_scheme=scheme, viewport=size)
        for path in paths:
            looking.goto(console.address + path)
            assert against(looking) == [], path
            assert looking.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert looking.title() != "planted"


def finds_better_words(reviewer: Page) -> str:
    """Void words are refused and others published, once they were read as they are. Where they stand."""
    reviewer.get_by_role("link", name="Notices", exact=True).click()
    reviewer.get_by_role("link", name=NOTICE["text"][:20]).click()  # type: ignore[index]  # words
    reviewer.get_by_role("link", name="Say it better").click()
    reviewer.get_by_label("The words").fill(VOID + PLANTED)
    reviewer.get_by_role("button", name="Check it").click()
    expect(reviewer.get_by_text("A yes to these words would be none")).to_be_visible()
    expect(reviewer.get_by_role("button", name="Publish these words")).to_have_count(0)
    assert reviewer.get_by_label("The words").input_value() == VOID + PLANTED
    reviewer.get_by_label("The words").fill(BETTER)
    reviewer.get_by_role("button", name="Check it").click()
    expect(reviewer.get_by_text("It was of other words, and lapses")).to_be_visible()
    reviewer.get_by_label("The words").fill(BETTER + " Thank you.")
    reviewer.get_by_label("I have read what was found").check()
    reviewer.get_by_role("button", name="Publish these words").click()
    expect(reviewer.get_by_text("The words are not those that were checked.").first).to_be_visible()
    reviewer.get_by_role("button", name="Publish these words").click()
    expect(reviewer.get_by_text("Read what was found and what follows").first).to_be_visible()
    reviewer.get_by_label("I have read what was found").check()
    reviewer.get_by_role("button", name="Publish these words").click()
    expect(reviewer.get_by_text("no review of the purpose is in force")).to_be_visible()
    return reviewer.url


def writes_a_review(reviewer: Page) -> str:
    """By keys alone, upon the answers of the version before; what is amiss stands at its field. Where it waits to be signed."""
    reviewer.goto(f"{reviewer.url.partition('/console')[0]}/console")
    reviewer.get_by_role("link", name="1 purpose rests for want of a review").click()
    reviewer.get_by_role("link", name="Write the next version").click()
    expect(reviewer.get_by_text("It begins with the words of version 1")).to_be_visible()
    reviewer.get_by_label("For what purpose do we collect this").focus()
    reviewer.keyboard.press("Control+A")
    reviewer.keyboard.press("Delete")
    reviewer.get_by_label("How could it hurt them?").first.focus()
    reviewer.keyboard.press("Control+A")
    reviewer.keyboard.type(f"What they said in private could be heard {PLANTED}")
    reviewer.get_by_role("button", name="One more who could be hurt").focus()
    reviewer.keyboard.press("Enter")
    reviewer.get_by_role("group", name="Harm 3").wait_for()
    reviewer.get_by_role("group", name="Harm 3").get_by_label("Who?").focus()
    reviewer.keyboard.type("people spoken about")
    reviewer.keyboard.press("Enter")
    reviewer.get_by_text("things have to be mended").wait_for()
    assert reviewer.get_by_role("group", name="Harm 3").get_by_label("Who?").input_value() == "people spoken about"
    reviewer.get_by_role("link", name="For what purpose do we collect this").focus()
    reviewer.keyboard.press("Enter")
    assert reviewer.url.endswith("#answers.what_for")
    answer = reviewer.get_by_label("For what purpose do we collect this")
    assert answer.get_attribute("aria-invalid") == "true"
    answer.focus()
    reviewer.keyboard.type("New agents learn to solve problems the first time.")
    third = reviewer.get_by_role("group", name="Harm 3")
    third.get_by_label("How could it hurt them?").focus()
    reviewer.keyboard.type("Somebody could say where they live, and others hear it.")
    for label, words in (("How likely is it?", "rare"), ("How bad would it be for them?", "slight")):
        third.get_by_label(label).focus()
        reviewer.keyboard.type(words)
    third.get_by_label("What is done so that it does not happen?").focus()
    reviewer.keyboard.type("Agents pause the recording when others are spoken about.")
    reviewer.get_by_role("button", name="Write it down, to be signed").focus()
    reviewer.keyboard.press("Enter")
    reviewer.get_by_text("You wrote it, so somebody else signs it").wait_for()
    changed = reviewer.locator("#changed")
    assert "answers are not as in version 1" in changed.inner_text()
    expect(changed.get_by_role("heading", name="Harm: people spoken about")).to_have_count(1)
    assert any("planted" in each for each in changed.locator("ins").all_inner_texts())
    assert changed.locator("del").count() > 0
    return reviewer.url


def drafts_rules(reviewer: Page) -> str:
    """What is wrong is told with its line; situations are run; nobody adopts what they wrote alone. Where the draft stands."""
    reviewer.get_by_role("link", name="Rules", exact=True).click()
    reviewer.get_by_role("link", name="Write house rules").click()
    reviewer.get_by_label("File").first.fill("marketing.cedar")
    reviewer.get_by_label("Rules in it").fill(RULE.replace("purpose.key", "purpose.kee") + f"// {PLANTED}")
    reviewer.get_by_role("button", name="Check it").last.click()
    expect(reviewer.get_by_role("link", name="marketing.cedar, line")).to_be_visible()
    assert 'context.purpose.kee == "marketing"' in reviewer.get_by_role("alert").inner_text()
    assert PLANTED in reviewer.get_by_label("Rules in it").input_value()
    reviewer.get_by_label("Rules in it").fill(RULE)
    for nth, (file, role, outcome, rules) in enumerate(SITUATIONS, start=1):
        row = reviewer.get_by_role("group", name=f"Situation {nth}")
        row.get_by_label("File").fill(file)
        row.get_by_label("What is so").fill(SITUATION.format(role=role, outcome=outcome, rules=rules))
    reviewer.get_by_role("button", name="Check it").last.click()
    expect(reviewer.get_by_text("1 thing is wrong")).to_be_visible()
    assert "+ outcome not_right" in reviewer.get_by_role("alert").inner_text()
    row = reviewer.get_by_role("group", name="Situation 1").get_by_label("What is so")
    row.fill(row.input_value().replace('"proceed"', '"not_right"'))
    reviewer.get_by_role("button", name="Check it").last.click()
    expect(reviewer.get_by_text("It is in order.")).to_be_visible()
    reviewer.get_by_role("button", name="Keep it as a draft").click()
    expect(reviewer.get_by_role("button", name="Sign: these should be our rules")).to_have_count(0)
    reviewer.get_by_role("button", name="Replay").click()
    reviewer.get_by_role("button", name="Sign: these should be our rules").click()
    expect(reviewer.get_by_text("You have signed it. Somebody in another role signs next.")).to_be_visible()
    reviewer.get_by_text("files of rules").click()
    reviewer.get_by_role("link", name="marketing.cedar").click()
    assert reviewer.locator("pre").inner_text().strip() == RULE.strip()
    reviewer.go_back()
    return reviewer.url


def test_a_reviewers_day(chromium: Browser, console: Console) -> None:
    reviewer = page_of(console, chromium, Role.REVIEWER)
    reviewer.goto(f"{console.address}/console")
    words = finds_better_words(reviewer).removeprefix(console.address)
    written = writes_a_review(reviewer)
    for role in (Role.DPO, Role.SUPERVISOR):
        signs = page_of(console, chromium, role)
        signs.goto(f"{console.address}/console")
        signs.get_by_role("link", name="1 review to sign").click()
        signs.get_by_role("link", name=f"{TITLE}, version 2").click()
        assert signs.url == written
        signs.get_by_role("button", name="Sign", exact=True).click()
    reviewer.goto(console.address + words)
    expect(reviewer.get_by_text("People hear these words")).to_be_visible()
    places = ("/console/notices", f"/console/notices/new?like={words.rpartition('/')[2]}", "/console/reviews")
    drafted = drafts_rules(reviewer)
    signs.goto(f"{console.address}/console")
    expect(signs.get_by_role("link", name="1 draft of house rules to sign")).to_be_visible()
    forms = ("/console/reviews/new?purpose=training", "/console/rules/new?file=using.cedar")
    shown = (written.removeprefix(console.address), drafted.removeprefix(console.address))
    is_fair(console, chromium, Role.REVIEWER, words, *places, *forms, *shown)
    auditor = page_of(console, chromium, Role.AUDITOR)
    for place in (*places, *forms, *shown):
        auditor.goto(console.address + place)
        assert {*auditor.get_by_role("button").all_inner_texts()} <= {"Sign out", "Show"}, place


def test_nobody_adopts_alone_what_they_wrote(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = console.session_of(console.hire(Role.REVIEWER).id)
    with console.client(secret) as client:
        given = {"form": form_token(secret), "upon": "deployment", "file": "marketing.cedar", "text": RULE}
        for nth, (file, role, _, rules) in enumerate(SITUATIONS):
            given[f"situation.{nth}.file"] = file
            outcome = "not_right" if role == "agent" else "proceed"
            given[f"situation.{nth}.text"] = SITUATION.format(role=role, outcome=outcome, rules=rules)
        kept = client.post("/console/rules/drafts", data=given)
        assert kept.status_code == 303, kept.text
        place = kept.headers["location"]
        assert client.post(f"{place}/replay", data=given | {"days": "30"}).status_code == 303
        with monkeypatch.context() as many:
            many.setattr(house_rules, "is_short", lambda *_: False)
            assert client.post(f"{place}/replay", data=given | {"days": "30"}).status_code == 303
        assert "being decided again" not in client.get(place).text
        assert stops(client.get(place).text) == "Adopting this ends the reviews of:"
        draft = place.rpartition("/")[2]
        begun = Started(controller=console.company.id, id=f"replay_draft:{draft}", name="replay_draft", about=draft)
        journal = DatabaseJournal(database=console.house.database, worker="one")
        journal.begun(begun)
        journal.reached(begun.id, lambda: Reached(3, 30))
        assert "being decided again: 3 of 30 days" in client.get(place).text
        journal.stands(begun.id, State.DONE)
        assert "being decided again" not in client.get(place).text
        assert client.post(f"{place}/adopt", data=given).status_code == 303
        assert client.post(f"{place}/adopt", data=given).status_code == 409
        assert client.post("/console/rules/drafts", data=given | {"upon": "another"}).status_code == 422
        wrong = client.post("/console/rules/drafts", data=given | {"text": RULE.replace("purpose.key", "purpose.kee")})
        assert (wrong.status_code, "marketing.cedar, line 10" in wrong.text) == (422, True)
    other = console.session_of(console.hire(Role.REVIEWER).id)
    with console.client(other) as client:
        assert client.post(f"{place}/adopt", data={"form": form_token(other)}).status_code == 409
    second = console.session_of(console.hire(Role.DPO).id)
    with console.client(second) as client:
        assert f"When two have signed, these stop: {TITLE}." in client.get(place).text
        assert client.post(f"{place}/adopt", data={"form": form_token(second)}).status_code == 303
        assert stops(client.get(place).text).startswith("These rest now, since other rules count for them")


def stops(text: str) -> str:
    """What is said of the purposes that a page says stop: this one."""
    (said,) = html.fromstring(text).xpath("//*[contains(@class, 'note') and contains(@class, 'bad')][.//a]")
    assert said.xpath(".//a/@href") == ["/console/purposes/training"]
    assert "nothing is captured, in calls that go on too" in said.text_content()
    return str(said.xpath("string(.//strong)"))


def test_what_stops_by_a_deed_is_said_before_it(console: Console) -> None:
    """A review that is worse than the one in force, and a rule that is set aside."""
    clients = Clients(console.house, console.company)
    worse = FORM | {"declared": FORM["declared"] | {"steps_to_decline": 9}}
    made = done(clients.dpo.post("/api/v1/purposes/training/reviews", json=worse), 201)["id"]
    secret = console.session_of(console.hire(Role.DPO).id)
    with console.client(secret) as client:
        shown = client.get(f"/console/reviews/{made}").text
        assert "Signed as it is, it would stop what runs: version 1 is in force until" in shown
        assert "the purpose, which runs now, stops" in shown
        given = {"form": form_token(secret), "rule": "house.listening_needs_a_reason", "category": "other", "days": "1"}
        given |= {"purpose": "*"}
        given |= {"reason": "The second telephones come at the end of the week.", "name": "Grace Hopper"}
        answer = client.post("/console/overrides", data=given)
        assert (answer.status_code, given["reason"] in answer.text) == (422, True)
        assert stops(answer.text).startswith("While it is set aside, the reviews of these wait")
        assert client.post("/console/overrides", data=given | {"stops": "another"}).status_code == 422
        assert client.post("/console/overrides", data=given | {"stops": "training"}).status_code == 303
        shown = client.get(f"/console/reviews/{made}").text
        assert "it would begin nothing" in shown
        assert "which runs now" not in shown


def test_who_does_not_sign_a_review_sends_it_back_with_a_word_to_its_author(console: Console) -> None:
    supervisor, dpo = (console.session_of(console.hire(role).id) for role in (Role.SUPERVISOR, Role.DPO))
    made = written_by(console, supervisor)
    with console.client(supervisor) as author, console.client(dpo) as signer:
        form = {"form": form_token(dpo), "words": "too short"}
        answer = signer.post(f"/console/reviews/{made}/send-back", data=form)
        assert (answer.status_code, 'id="words-wrong"' in answer.text, "too short" in answer.text) == (422, True, True)
        assert "Send it back" not in author.get(f"/console/reviews/{made}").text
        own = {"form": form_token(supervisor), "words": PLANTED * 2}
        assert author.post(f"/console/reviews/{made}/send-back", data=own).status_code == 409
        form["words"] = f"Nobody needs the whole call for that. {PLANTED}"
        assert signer.post(f"/console/reviews/{made}/send-back", data=form).status_code == 303
        assert signer.post(f"/console/reviews/{made}/send-back", data=form).status_code == 409, "once"
        assert signer.post(f"/console/reviews/{made}/sign", data=form).status_code == 409
        assert f'href="/console/reviews/{made}"' in author.get("/console").text
        shown = author.get(f"/console/reviews/{made}").text
        assert "Nobody needs the whole call for that." in shown
        assert "<script>document" not in shown
        assert "It runs" in author.get("/console/purposes/training").text, "the version in force stays so"
        written_by(console, supervisor)
        assert "was sent back" not in author.get("/console").text


def written_by(console: Console, secret: str) -> str:
    """The next version of the review, by whoever has this session."""
    with console.house.database.system() as tx:
        by = sessions.authenticate(tx, console.house.clock, secret, limits_of(console.house.settings)).actor
    with console.house.database.transaction(console.company.id) as tx:
        purpose = purposes.by_key(tx, "training").id
        new = NewReview(purpose=purpose, content=content(), expires_on=None)
        return str(reviews.draft(tx, console.house.clock, console.house.rules, new, by=by).id)


def test_a_purpose_is_made_and_ended_by_the_dpo(console: Console) -> None:
    secret = console.session_of(console.hire(Role.DPO).id)
    with console.client(secret) as client:
        given = {"form": form_token(secret), "title": PLANTED, "key": "Has Spaces", "data_categories": "pd:Voise\r\npd:Name"}
        answer = client.post("/console/purposes", data=given)
        assert answer.status_code == 422
        for field in ("key", "justification", "lawful_basis", "data_categories", "may_use", "term_days", "dpv_purpose"):
            assert f'id="{field}-wrong"' in answer.text, field
        assert "<script>document" not in answer.text
        given |= {"key": "lessons", "justification": f"Lessons need calls. {PLANTED}", "lawful_basis": "consent"}
        assert "of data_categories" not in answer.text, "a field is called as it is on the page"
        assert client.get("/console/purposes/new").text.count('name="data_categories"') > 200, "sorts are chosen, by their names"
        given |= {"staff_basis": "contract", "data_categories": "pd:Name", "may_use": "dpo", "term_days": "30"}
        given |= {"dpv_purpose": "dpv:PersonnelManagement", "on_withdrawal": "destroy"}
        assert client.post("/console/purposes", data=given).headers["location"] == "/console/purposes/lessons"
        assert "Choose another key" in client.post("/console/purposes", data=given).text
        shown = client.get("/console/purposes/lessons").text
        assert "It rests" in shown
        assert "<script>document" not in shown
        assert client.post("/console/purposes/lessons/end", data=given).status_code == 422
        assert client.post("/console/purposes/lessons/end", data=given | {"sure": "yes"}).status_code == 303
        assert "Ended on" in client.get("/console/purposes/lessons").text


def test_what_cannot_be_taken_is_said_at_its_field_and_kept(console: Console) -> None:
    secret = console.session_of(console.hire(Role.REVIEWER).id)
    with console.client(secret) as client:
        form = {"form": form_token(secret), "purpose": "none", "language": "klingon!", "text": PLANTED, "yes": "1", "no": "1"}
        answer = client.post("/console/notices/check", data=form)
        assert answer.status_code == 422
        for field in ("purpose", "language", "yes"):
            assert f'id="{field}-wrong"' in answer.text
        assert "klingon!" in answer.text
        assert client.get("/console/purposes/%00").status_code == 422
        assert "<script>document" not in answer.text

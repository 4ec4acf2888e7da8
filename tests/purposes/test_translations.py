"""A purpose said again: each version is kept, is of exactly what was signed, and is taken back without leaving anything."""

from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import NOTICE, PURPOSE, done, review
from tests.purposes.finnish import ALOUD, FINNISH, HARMS, TITLE
from tests.reviews.words import FORM

PLACE = "/api/v1/purposes/training/translations"


def test_a_translation_is_of_what_was_signed_and_changes_nothing_else(house: RealHouse, company: object) -> None:
    clients = Clients(house, company)  # type: ignore[arg-type]  # the fixture's own
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    done(clients.dpo.post("/api/v1/purposes/training/notices", json=NOTICE), 201)
    assert clients.dpo.post(PLACE, json=FINNISH).status_code == 400, "there is no review yet"
    review(clients)
    first = done(clients.reviewer.post(PLACE, json=FINNISH), 201)
    assert (first["version"], first["review"]["said_aloud"]) == (1, ALOUD)
    assert done(clients.reviewer.post(PLACE, json=FINNISH), 201) == first, "it says that already"
    better = done(clients.dpo.post(PLACE, json=FINNISH | {"title": f"{TITLE} vielä"}), 201)
    assert better["version"] == 2
    assert done(clients.dpo.get("/api/v1/purposes/training"))["review"]["in_force"], "no review lapses by it"
    for wrong in (FINNISH | {"harms": HARMS[:1]}, FINNISH | {"language": "en-GB"}, FINNISH | {"said_aloud": None}):
        assert clients.dpo.post(PLACE, json=wrong).status_code == 400, wrong
    assert clients.agent.post(PLACE, json=FINNISH).status_code == 403
    assert [each["version"] for each in done(clients.agent.get(PLACE))["items"]] == [2, 1]
    said = _notice(clients, "fi")
    assert better["title"] in said
    assert ALOUD in said
    assert FORM["answers"]["said_aloud"] not in said

    other = FORM | {"answers": FORM["answers"] | {"said_aloud": "May we keep this call, so that others learn from it?"}}
    drafted = done(clients.dpo.post("/api/v1/purposes/training/reviews", json=other), 201)["id"]
    newer = FINNISH | {"said_aloud": "Saammeko säilyttää puhelun, jotta muut oppivat?", "review": drafted}
    done(clients.dpo.post(PLACE, json=newer), 201)
    said = _notice(clients, "fi")
    assert ALOUD in said, "what is in force is told as it is"
    assert newer["said_aloud"] not in said, "of a review that nobody has signed"

    retired = done(clients.dpo.post(f"{PLACE}/fi/retire"))
    assert retired["retired_at"] == done(clients.dpo.post(f"{PLACE}/fi/retire"))["retired_at"]
    assert clients.dpo.post(f"{PLACE}/sv/retire").status_code == 404
    assert str(PURPOSE["title"]) in _notice(clients, "fi")


def _notice(clients: Clients, language: str) -> str:
    """What the public is told."""
    found = clients.stranger.get(f"/api/v1/public/notice/page?controller={clients.controller}&language={language}")
    assert found.status_code == 200, found.text
    return str(found.text)

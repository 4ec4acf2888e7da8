"""Words are retired in one language: nobody is asked in it, and nothing else changes."""

from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import NOTICE, done, ring


def test_nobody_is_asked_in_a_language_that_was_retired_and_all_else_stands(house: RealHouse, company: object) -> None:
    clients = Clients(house, company)  # type: ignore[arg-type]  # the fixture's own
    scene = ring(house, clients)
    words = "Må vi optage dette opkald for at oplære vores medarbejdere? Du kan sige nej, og du kan fortryde når som helst."
    danish = {"language": "da", "text": words}
    second = done(clients.dpo.post("/api/v1/purposes/training/notices", json=danish), 201)["id"]
    retired = done(clients.dpo.post(f"/api/v1/notices/{second}/retire"))
    assert retired["retired_at"] == done(clients.dpo.post(f"/api/v1/notices/{second}/retire"))["retired_at"]
    assert clients.dpo.get("/api/v1/purposes/training/notice?language=da").status_code == 404
    assert done(clients.dpo.get("/api/v1/purposes/training/notice?language=en"))["id"] == scene.notice
    [review] = done(clients.dpo.get("/api/v1/purposes/training/reviews"))["items"]
    assert review["stage"] == "in_force", "the other words are as they were reviewed"
    assert scene.ask(notice=second).status_code == 409
    done(scene.choose("granted"), 201)
    assert scene.hear(5) == 5
    done(clients.dpo.post(f"/api/v1/notices/{scene.notice}/retire"))
    assert scene.hear(5) == 5, "a yes stands"
    better = NOTICE | {"text": f"{NOTICE['text']} Thank you."}
    again = done(clients.dpo.post("/api/v1/purposes/training/notices", json=better), 201)
    assert clients.dpo.post(f"/api/v1/notices/{scene.notice}/retire").status_code == 409
    assert done(clients.dpo.get("/api/v1/purposes/training/notice?language=en"))["id"] == again["id"]

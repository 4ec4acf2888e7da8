"""Who reads the figures: the machine itself while nothing stands in front of it, else whoever shows the secret."""

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import api_of
from tests.api.fakes import RealHouse, as_house

HERE, AWAY = "127.0.0.1", "198.51.100.7"
SECRET = {"Authorization": "Bearer hushed"}


def ask(house: RealHouse, asker: str, headers: dict[str, str], **settings: object) -> httpx.Response:
    asked = replace(house, settings=house.settings.model_copy(update=settings))
    transport = httpx.ASGITransport(api_of(as_house(asked)), client=(asker, 4711))

    async def asking() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8740") as client:
            return await client.get("/metrics", headers=headers)

    return asyncio.run(asking())


@pytest.mark.parametrize(
    ("asker", "headers", "settings", "status"),
    [
        (HERE, {}, {}, 200),
        ("::1", {"Host": "[::1]:8740"}, {}, 200),
        ("::ffff:127.0.0.1", {"Host": "127.0.0.1"}, {}, 200),
        (AWAY, {}, {}, 403),
        ("192.168.0.2", {"Host": "localhost"}, {}, 403),
        (HERE, {"Host": "energy.example"}, {}, 403),
        (HERE, {"Host": "127.0.0.1.elsewhere.example:8740"}, {}, 403),
        (HERE, {"X-Forwarded-For": HERE}, {}, 403),
        (HERE, {"Forwarded": "for=127.0.0.1"}, {}, 403),
        (HERE, {"X-Real-IP": HERE}, {}, 403),
        (HERE, {}, {"public_url": "https://energy.example"}, 403),
        (HERE, {}, {"http_proxies": "127.0.0.1"}, 403),
        (AWAY, SECRET, {}, 403),
        (AWAY, SECRET, {"metrics_secret_file": "hushed"}, 200),
        (HERE, {**SECRET, "X-Forwarded-For": AWAY}, {"metrics_secret_file": "hushed", "http_proxies": "127.0.0.1"}, 200),
        (AWAY, {"Authorization": "Bearer guessed"}, {"metrics_secret_file": "hushed"}, 403),
        (AWAY, {"Authorization": "Bearer "}, {"metrics_secret_file": "hushed"}, 403),
    ],
)
def test_the_figures_are_for_whoever_runs_the_system(
    house: RealHouse, tmp_path: Path, asker: str, headers: dict[str, str], settings: dict[str, str], status: int
) -> None:
    told: dict[str, object] = dict(settings)
    if "metrics_secret_file" in told:
        told["metrics_secret_file"] = tmp_path / settings["metrics_secret_file"]
        (tmp_path / "hushed").touch(0o600)
        (tmp_path / "hushed").write_text("hushed\n")
    answer = ask(house, asker, headers, **told)
    assert (answer.status_code, "rightcall_" in answer.text) == (status, status == 200)
    assert ("RIGHTCALL_METRICS_SECRET_FILE" in answer.text) is (status == 403)


def test_a_secret_that_others_can_read_opens_nothing(house: RealHouse, tmp_path: Path) -> None:
    (tmp_path / "open").write_text("hushed")
    (tmp_path / "open").chmod(0o644)
    answer = ask(house, AWAY, SECRET, metrics_secret_file=tmp_path / "open")
    assert (answer.status_code, "chmod 600" in answer.text) == (409, True)

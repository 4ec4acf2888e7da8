"""A database of its own, since the media process opens it with keys of its own."""

import socket
from collections.abc import Iterator

import psycopg
import pytest

from rightcall.database.connection import Database
from rightcall.database.migrate import migrate
from rightcall.ids import ControllerId, new_id
from rightcall.settings import Settings
from rightcall.wiring import House, build
from tests.recorder.process import LiveCall, Process, ring


@pytest.fixture(scope="session")
def house(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE rightcall_recorder")
    url = database_url.replace("@/rightcall?", "@/rightcall_recorder?")
    migrate(url)
    settings = Settings.model_validate({"data": tmp_path_factory.mktemp("recorder") / "data", "rtp_ports": "33000-33999"})
    database = Database(url)
    with build(settings, database) as made:
        yield made
    database.close()


@pytest.fixture(scope="module")
def process(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    made = Process(house, tmp_path_factory.mktemp("log") / "media.log")
    yield made
    made.stop()


@pytest.fixture
def caller(house: House) -> ControllerId:
    controller = ControllerId(new_id())
    with psycopg.connect(house.database.url) as connection:
        connection.execute(
            "INSERT INTO controllers (controller, name, address, contact, jurisdictions, created_at)"
            " VALUES (%s, 'Example Energy', '1 Example Street, Copenhagen', 'dpo@energy.example', '{EU,DK}', now())",
            (controller,),
        )
    return controller


@pytest.fixture
def live(house: House, caller: ControllerId, process: Process) -> Iterator[LiveCall]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind(("127.0.0.1", 0))
        yield ring(house, caller, process, phone)

"""Whatever is sent to the API, in the form that it describes or beside it, by whoever may do much, little or nothing: it breaks
nowhere, and answers what it describes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.controllers.model import Controller
from rightcall.staff.actions import create_token
from tests.api.fakes import RealHouse
from tests.standing import served

DESCRIBED = ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
NOT_HERE = "/health"  # it answers 503, and describes that, where no recorder runs


@pytest.mark.parametrize(("role", "examples"), [(Role.DPO, 2), (Role.AGENT, 1), (Role.AUDITOR, 1), (None, 1)])
def test_every_operation_answers_what_it_describes(
    house: RealHouse, company: Controller, role: Role | None, examples: int
) -> None:
    headers = []
    if role is not None:
        with house.database.transaction(company.id) as tx:
            headers = ["-H", f"Authorization: Bearer {create_token(tx, house.clock, role=role, by=SYSTEM).secret}"]
    with served(house) as address:
        many = ["--exclude-path", NOT_HERE, "--max-examples", str(examples)]
        assert asked(address, *headers, *many, "--checks", ",".join(("not_a_server_error", *DESCRIBED))) > 270


def test_what_is_not_well_is_told_as_it_is_described(house: RealHouse) -> None:
    with served(house) as address:
        assert asked(address, "--include-path", NOT_HERE, "--max-examples", "5", "--checks", ",".join(DESCRIBED)) == 1


def asked(address: str, *words: str) -> int:
    """How many operations were tried."""
    given = ["--phases", "fuzzing", "--seed", "1", "--generation-database", "none", "--no-color"]
    given += ["--suppress-health-check", "all", "--wait-for-schema", "60", "--request-timeout", "60"]
    done = subprocess.run(
        [Path(sys.executable).with_name("st"), "run", f"{address}/openapi.json", *given, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout
    tested = re.search(r"Tested: ([0-9]+)", done.stdout)
    assert tested is not None, done.stdout
    return int(tested[1])

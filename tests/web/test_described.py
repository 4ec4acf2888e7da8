"""Whatever is sent to the API, in the form that it describes or beside it: it breaks nowhere, and answers what it describes."""

import re
import subprocess
import sys
from pathlib import Path

from rightcall.actors import SYSTEM, Role
from rightcall.controllers.model import Controller
from rightcall.staff.actions import create_token
from tests.api.fakes import RealHouse
from tests.standing import served

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_every_operation_answers_what_it_describes(house: RealHouse, company: Controller) -> None:
    with house.database.transaction(company.id) as tx:
        secret = create_token(tx, house.clock, role=Role.DPO, by=SYSTEM).secret
    with served(house) as address:
        words = ["run", f"{address}/openapi.json", "-H", f"Authorization: Bearer {secret}", "--checks", CHECKS]
        words += ["--exclude-path", "/health"]  # it says that no recorder is there, which is so
        words += ["--phases", "fuzzing", "--max-examples", "2", "--seed", "1", "--generation-database", "none", "--no-color"]
        done = subprocess.run(
            [Path(sys.executable).with_name("st"), *words, "--suppress-health-check", "all"],
            capture_output=True,
            text=True,
            check=False,
            timeout=500,
        )
    assert done.returncode == 0, done.stdout
    tested = re.search(r"Tested: ([0-9]+)", done.stdout)
    assert tested is not None
    assert int(tested[1]) > 250

"""Each import contract is broken once, on purpose, in a copy of the tree: also deep inside a room, where a package may come."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEEP = "recordings/deep/deeper"
PLANTED = {
    "Data flows one way": {"vault/planted.py": "import rightcall.consent.model\n"},
    "Models, rules and statements touch nothing outside": {f"{DEEP}/model.py": "import os\n"},
    "Only stores speak SQL": {f"{DEEP}/actions.py": "import rightcall.database.sql\n"},
    "No cycles anywhere": {
        "calls/planted/__init__.py": "",
        "calls/planted/one.py": "import rightcall.calls.planted.two\n",
        "calls/planted/two.py": "import rightcall.calls.planted.one\n",
    },
    "Faces never open the cupboards": {
        "api/planted.py": "import rightcall.recordings.deep.deeper.store\n",
        f"{DEEP}/store.py": "",
    },
    "Vault and ledger do not know each other": {"ledger/planted.py": "import rightcall.vault.model\n"},
    "A proof can be checked without the server": {"evidence/verify.py": f"\nimport rightcall.{DEEP.replace('/', '.')}.store\n"},
}


SEEN = {
    "Data flows one way": "rightcall.vault.planted -> rightcall.consent.model",
    "Models, rules and statements touch nothing outside": "rightcall.recordings.deep.deeper.model -> os",
    "Only stores speak SQL": "rightcall.recordings.deep.deeper.actions -> rightcall.database.sql",
    "No cycles anywhere": "rightcall.calls.planted",
    "Faces never open the cupboards": "rightcall.api.planted -> rightcall.recordings.deep.deeper.store",
    "Vault and ledger do not know each other": "rightcall.ledger.planted -> rightcall.vault.model",
    "A proof can be checked without the server": "rightcall.evidence.verify -> rightcall.recordings.deep.deeper.store",
}


def judged(copy: Path) -> tuple[dict[str, str], str]:
    """Each contract by name, KEPT or BROKEN; and the report."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ".importlinter"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)", plain, re.MULTILINE)), plain.partition("Broken contracts")[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path / ".importlinter")
    return tmp_path


def plant(copy: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = copy / "src" / "rightcall" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in (path.parent, path.parent.parent):
            (folder / "__init__.py").touch()
        with path.open("a", encoding="utf-8") as file:
            file.write(text)


def test_every_contract_stands_and_falls_by_what_was_planted(copy: Path) -> None:
    assert judged(copy) == (dict.fromkeys(PLANTED, "KEPT"), "")
    for files in PLANTED.values():
        plant(copy, files)
    verdicts, report = judged(copy)
    assert verdicts == dict.fromkeys(PLANTED, "BROKEN")
    for name, line in SEEN.items():
        assert line in re.split(rf"^{re.escape(name)}\n-+$", report, flags=re.MULTILINE)[1].partition("\n---")[0], name

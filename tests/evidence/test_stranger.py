"""A certificate in a stranger's hands: a program that shares nothing with ours comes to the same answer, whole or forged."""

import html
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from rightcall.evidence.model import Ground, LawSays, Refuted, Remainder, Verified, WhyKept
from rightcall.evidence.page import page
from rightcall.evidence.verify import verify
from rightcall.ledger.checkpoint import key_of
from rightcall.policy.situations import HoldReason
from tests.evidence.fakes import KEY, Change, a_certificate, put
from tests.ledger.fakes import OTHER_SIGNER

STRANGER = Path(__file__).parent / "stranger.py"
UNTIL = date(2026, 11, 30)
WHY = WhyKept(
    reason=HoldReason.LEGAL_CLAIMS, law="ZPO § 142", rules=(LawSays(rule="hold.ground", cite="GDPR Art. 17(3)", says="It may."),)
)
HELD = Remainder(ground=Ground.HOLD, count=1, until=date(2027, 1, 31), why=WHY)
TOLD = Remainder(ground=Ground.OUTSIDE_REACH, count=2, told_on=date(2026, 11, 25))
WAITS = Remainder(ground=Ground.UNCONFIRMED, count=1)
WHOLE = {
    "complete": a_certificate(),
    "after backups": a_certificate(backups_until=UNTIL),
    "partial": a_certificate(HELD, TOLD, backups_until=UNTIL),
    "unconfirmed": a_certificate(WAITS, backups_until=UNTIL),
}
FORGED: dict[str, Change] = {
    "purged while a backup opens": put("rightcall:copies", 0, "rightcall:sanitisation", value="purge"),
    "a copy that goes later than is named": put("rightcall:copies", 2, "rightcall:until", value="2027-01-01"),
    "a copy out of reach that is left out": lambda document: document["rightcall:copies"].pop(),
    "a better grade": put("rightcall:grade", value="complete"),
    "a reason for what no hold keeps": put("rightcall:remains", 1, "rightcall:reason", value="archiving"),
    "a reason that the law does not know": put("rightcall:remains", 0, "rightcall:reason", value="habit"),
    "a law without a reason": lambda document: document["rightcall:remains"][0].pop("rightcall:reason"),
    "no day for the backups": lambda document: document.pop("rightcall:backupsUntil"),
}


def asked(file: bytes, folder: Path, key: str = KEY.text) -> subprocess.CompletedProcess[str]:
    (folder / "certificate.json").write_bytes(file)
    command = [sys.executable, "-I", "-S", str(STRANGER), str(folder / "certificate.json"), key]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", WHOLE)
def test_a_stranger_agrees_on_what_is_whole(name: str, tmp_path: Path) -> None:
    assert isinstance(verify(WHOLE[name], KEY.text), Verified)
    found = asked(WHOLE[name], tmp_path)
    assert found.returncode == 0, found.stderr
    assert "rows: key_destroyed" in found.stdout.splitlines()


def test_all_see_why_a_hold_keeps_something_and_until_when(tmp_path: Path) -> None:
    proved = verify(WHOLE["partial"], KEY.text)
    assert isinstance(proved, Verified)
    [said] = [line for line in proved.says if "hold" in line and line.startswith("Remains")]
    for word in ("GDPR Art. 17(3)(e)", "ZPO § 142", "GDPR Art. 17(3) says: It may", "until the end of 2027-01-31"):
        assert word in said
        assert word in html.unescape(page(WHOLE["partial"]))
    assert "kept for legal_claims (ZPO § 142) until 2027-01-31" in asked(WHOLE["partial"], tmp_path).stdout


def test_a_stranger_sees_each_grade(tmp_path: Path) -> None:
    said = asked(WHOLE["partial"], tmp_path).stdout
    assert {line.rpartition(": ")[2] for line in said.splitlines() if ": " in line} == {
        "key_destroyed",
        "bytes_gone",
        "goes_on",
        "kept",
        "outside_reach",
    }


@pytest.mark.parametrize("name", FORGED)
def test_a_stranger_agrees_on_what_was_forged_before_it_was_issued(name: str, tmp_path: Path) -> None:
    """Whoever issues it may write and sign what they like: it has to fit together all the same."""
    change = FORGED[name]
    file = a_certificate(HELD, TOLD, backups_until=UNTIL, change=change)
    assert isinstance(verify(file, KEY.text), Refuted)
    assert asked(file, tmp_path).returncode != 0


def test_a_stranger_agrees_on_flipped_bytes(tmp_path: Path) -> None:
    file = WHOLE["complete"]
    for place in range(0, len(file), len(file) // 8):
        bent = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]
        assert isinstance(verify(bent, KEY.text), Refuted)
        assert asked(bent, tmp_path).returncode != 0, place


def test_a_stranger_wants_the_right_key(tmp_path: Path) -> None:
    other = key_of(OTHER_SIGNER).text
    assert isinstance(verify(WHOLE["complete"], other), Refuted)
    assert asked(WHOLE["complete"], tmp_path, other).returncode != 0


def test_the_stranger_has_nothing_of_ours() -> None:
    imported = [line for line in STRANGER.read_text().splitlines() if line.startswith(("import ", "from "))]
    assert not any("rightcall" in line or "tests" in line for line in imported)

"""Whether a worker lives is the kernel's word: who was killed is known as dead at once, who lives never is."""

import subprocess
import sys
from pathlib import Path

from rightcall.worker import presence

_LIVES = """
import sys
from pathlib import Path
from rightcall.worker.presence import present
with present(Path(sys.argv[1]), sys.argv[2]):
    print("here", flush=True)
    sys.stdin.read()
"""


def lives(folder: Path, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", _LIVES, str(folder), name]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    return process


def test_who_was_killed_is_dead_at_once_and_who_lives_never_is(tmp_path: Path) -> None:
    folder = tmp_path / "workers"
    assert presence.dead(folder) == []
    with lives(folder, "one") as one, lives(folder, "other") as other:
        assert presence.dead(folder) == []
        one.kill()
        one.wait()
        assert presence.dead(folder) == ["one"]
        presence.forget(folder, ["one"])
        assert [each.name for each in folder.iterdir()] == ["other"]
        other.communicate()
    assert list(folder.iterdir()) == [], "who ends in order leaves nothing"

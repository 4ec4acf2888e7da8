"""What is put aside goes, also when the process that had it was killed; what another process is at stays."""

import subprocess
import sys
from pathlib import Path

from rightcall.adapters.aside import aside

HOLDS = """
import sys
from pathlib import Path
from rightcall.adapters.aside import aside
with aside(Path(sys.argv[1])) as folder:
    (folder / "something").write_text("left")
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    theirs = Path(process.stdout.readline().strip())
    with aside(tmp_path) as ours:
        assert (theirs / "something").exists()
        process.kill()
        process.wait()
        with aside(tmp_path) as other:
            assert not theirs.exists()
            assert ours.exists()
            assert other != ours
    process.communicate()
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]

"""A small process for the supervisor's tests: writes its pid to a file, then waits, fails or clings to life as it is told.

Run as `python small_role.py FOLDER wait|fail|refuse|cling --parent PID`.
"""

import os
import signal
import sys
import time
from pathlib import Path

from rightcall.cli.supervisor import die_with


def main() -> int:
    folder, manner, parent = Path(sys.argv[1]), sys.argv[2], int(sys.argv[4])
    die_with(parent)
    if manner == "cling":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (folder / f"{time.monotonic_ns()}.{manner}").write_text(str(os.getpid()))
    if manner == "fail":
        return 7
    if manner == "refuse":
        return 2
    while True:
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())

"""Workers that start at once: each is forked from a process that has loaded their code already, and is then what
`rightcall role worker` is. Every line that is read starts one; the answer is its process id."""

import gc
import os
import signal
import sys

from rightcall.cli.entries import worker
from rightcall.cli.roles import ProcessRole, role


def main() -> None:
    assert worker
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while sys.stdin.readline():
        nursery, born = os.getpid(), os.fork()
        if born == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(2, 1)
            role(ProcessRole.WORKER, parent=nursery)
            os._exit(0)
        sys.stdout.write(f"{born}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

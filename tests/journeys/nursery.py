"""Workers that start at once: each is forked from a process that has loaded their code and tried the rules already, and is then
what `rightcall role worker` is. Every line that is read starts one; the answer is its process id."""

import gc
import os
import signal
import sys

from rightcall.cli.entries import worker
from rightcall.cli.roles import ProcessRole, role
from rightcall.policy.loading import charter_scenarios, house_folder, law_of, load_rules, read_scenarios
from rightcall.policy.trying.outcomes import outcomes


def main() -> None:
    assert worker
    try_rules()
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


def try_rules() -> None:
    """As every worker does when it starts: what was weighed here is known to all of them."""
    rules = load_rules()
    scenarios, _ = read_scenarios(house_folder(None) / "scenarios")
    assert outcomes(rules, scenarios) == outcomes(law_of(rules), charter_scenarios()) == []


if __name__ == "__main__":
    main()

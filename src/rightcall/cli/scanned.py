"""What a registered system holds and how its scan went, shown to a person with the right to see names of objects."""

import typer

from rightcall.cli.exits import ExitCode
from rightcall.cli.words import amount, printable, words
from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.model import REPAIRED
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans import unfitting
from rightcall.discovery.scans.model import ObjectState, Outcome, Progress, Scan, SkippedObject, Stage
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.ids import ScanId
from rightcall.vault.actions import Vault

_MOST = 20
_HEADINGS = (("Not read, so what they hold is not known:", False), ("Read, though not as they stand:", True))
_INSIDE, _STILL = "within objects that were read: ", "within objects that are unchanged: "


def so_far(tx: Transaction, scan: ScanId) -> str:
    """One line: how far, and how long it may take."""
    found = scans.get(tx, scan)
    if found.stage is Stage.OVER:
        return _following(tx, found)
    if found.waiting_why is not None:
        return f"Waits for {systems.get(tx, found.system).name}. {found.waiting_why}"
    if found.stage is Stage.LISTING:
        return "Listing what is there…"
    progress = scans.progress(tx, found)
    read, left = progress.so_far, progress.left
    total = read.objects + left.objects + progress.of(ObjectState.SKIPPED).objects
    rows = f" {read.rows:,} rows," if read.rows else ""
    line = f"Scanning… {read.objects:,} of {total:,} objects,{rows} {amount(read.bytes)}, {read.findings:,} findings"
    return line if progress.seconds_left is None else f"{line}, about {_time(progress.seconds_left)} left"


def _following(tx: Transaction, scan: Scan) -> str:
    """All of it was read, and what was found goes to whose it is."""
    now = findings.whose(tx, scan.system)
    return (
        f"All is read. Telling whose it is… of {now.findings:,} findings {now.linked:,} are somebody's that is known,"
        f" {now.mapped:,} on the data map"
    )


def show_system(tx: Transaction, vault: Vault, system: RegisteredSystem) -> None:
    can = ", ".join(sorted(system.abilities))
    print(f"{system.name} ({system.kind}), registered {system.registered_at:%Y-%m-%d}; it can {can}.")
    if system.retired_at is not None:
        print(f"Retired {system.retired_at:%Y-%m-%d}: nobody knows any more how to get in.")
    print("\n".join(described(system)))
    if not system.uses:
        print("Nobody said what it is for: `rightcall system check` with --use.")
    _show_found(tx, vault, system)
    for scan in scans.of_system(tx, system.id, limit=1):
        print(f"\nLast scan {scan.id}, started {scan.started_at:%Y-%m-%d %H:%M} UTC:")
        if scan.stage is not Stage.OVER:
            print(so_far(tx, scan.id))
        elif scan.why is not None:
            print(f"It failed. {scan.why}")
        show_scan(tx, vault, scan)


def described(system: RegisteredSystem) -> list[str]:
    """What those outside are told of it."""
    labels = ", ".join(f"{language} “{words}”" for language, words in system.labels.items())
    called = labels or f"by its name, {system.name}; `rightcall system words` gives it a better one"
    keepers = system.keepers_language or "the controller's language"
    return [f"Customers read of it as: {called}.", f"Its keepers are written to in: {keepers}."]


def _show_found(tx: Transaction, vault: Vault, system: RegisteredSystem) -> None:
    kinds = findings.count_by_type(tx, system.id)
    if not kinds:
        print("No findings.")
        return
    print(f"\n{'found':>8}  {'objects':>7}  type")
    for type, (number, objects) in kinds.items():
        print(f"{number:>8,}  {objects:>7,}  {type}")
    print(f"\n{'found':>8}  where most of it lies")
    most = findings.most_found(tx, vault, system, _MOST)
    for object, name, number in most:
        print(f"{number:>8,}  {f'object {object}' if name is None else printable(name)}")
    if system.retired_at is None and any(name is None for _, name, _ in most):
        look = f"rightcall system findings {system.name.text} --purpose PURPOSE --reason WHY --case CASE"
        print(f"A file may be named after somebody: {look}")


def show_scan(tx: Transaction, vault: Vault, scan: Scan) -> None:
    progress = scans.progress(tx, scan)
    read = progress.of(ObjectState.READ)
    print(
        f"{scan.outcome or scan.stage}: {read.objects:,} objects read, {amount(read.bytes)}, {read.findings:,} findings in"
        f" them; {progress.of(ObjectState.UNCHANGED).objects:,} unchanged since they were last read."
    )
    _show_whose(tx, scan)
    if scan.stage is Stage.OVER:
        _show_misfits(tx, vault, scan)
    _show_estimates(tx, scan, progress)
    _show_skipped(tx, vault, scan, progress)


def _show_whose(tx: Transaction, scan: Scan) -> None:
    if scan.outcome is not Outcome.DONE:
        return
    if not scan.is_followed:
        print("Whose it is, is still being told; `rightcall system show` says when all is on the data map.")
        return
    now = findings.whose(tx, scan.system)
    print(f"Of {now.findings:,} findings that lie there, {now.mapped:,} are somebody's that is known, and on the data map.")
    if now.erased:
        print(f"{now.erased:,} are of people who were erased, and lie there still: `rightcall erasure list`.")


def _show_misfits(tx: Transaction, vault: Vault, scan: Scan) -> None:
    for each in unfitting.misfits_of(tx, vault, systems.get(tx, scan.system)):
        print(f"--use: {printable(unfitting.told(each))}")


def _show_estimates(tx: Transaction, scan: Scan, progress: Progress) -> None:
    if scan.how.sample is None:
        return
    read, left_out = progress.of(ObjectState.READ), progress.of(ObjectState.LEFT_OUT).objects
    print(
        f"A sample: {left_out:,} objects were left out, and {read.rows:,} rows of tables looked at. With 95 % confidence, of all"
    )
    for each in scans.estimates(tx, scan):
        shares = f"{each.least:>6.1%} to {each.most:>6.1%}"
        print(f"  {each.of:<7}  {shares} hold {each.type} ({each.with_it:,} of {each.looked_at:,} looked at)")


def _show_skipped(tx: Transaction, vault: Vault, scan: Scan, progress: Progress) -> None:
    system = systems.get(tx, scan.system)
    told = [
        *scans.skipped(tx, vault, system, scan.id, after=None, limit=_MOST),
        *scans.passed_over_inside(tx, vault, system, scan.id)[:_MOST],
    ]
    for heading, is_repaired in _HEADINGS:
        lines = [
            f"{number:>8,}  {where}{reason}"
            for where, counted in (("", progress.skipped), (_INSIDE, progress.inside), (_STILL, progress.still))
            for reason, number in counted.items()
            if (reason in REPAIRED) is is_repaired
        ]
        names = [f"          {_named(each)}" for each in told if (each.reason in REPAIRED) is is_repaired]
        if lines:
            print("\n".join([heading, *lines, *names]))


def _named(each: SkippedObject) -> str:
    since = "" if each.since is None else f", unchanged since {each.since:%Y-%m-%d}"
    name = f"object …{str(each.object)[-6:]}" if each.name is None else printable(each.name)
    return f"{name} ({each.reason}{since})"


def outcome_of(scan: Scan) -> None:
    """Ends with 3 where it failed: it is no clean bill."""
    if scan.outcome is Outcome.FAILED:
        words().print(f"The scan failed. {scan.why}", markup=False)
        raise typer.Exit(ExitCode.OUTAGE)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{rest} s"

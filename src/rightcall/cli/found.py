"""What a scan amounts to, counted and shown to a person: what was found, where most of it lies, and what was not read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rightcall.cli.words import amount, printable
from rightcall.discovery.model import REPAIRED, Event, Found, PassedOver, Reason
from rightcall.discovery.parts import IN_NAME

_MOST_OBJECTS = 20
_MOST_EXAMPLES = 3
_WHOLE, _PART, _REPAIRED = "not read", "part not read", "repaired"
_NEXT: Mapping[str, str] = MappingProxyType(
    {
        Reason.LINK: "links are not followed; scan what they point to",
        Reason.SPECIAL: "holds no data of its own",
        Reason.TOO_LARGE: "raise --largest to read them",
        Reason.PACKED: "unpack them, and scan again",
        Reason.BINARY: "look at what they are by hand",
        Reason.UNREADABLE: "see to the disk or the database, and scan again",
        Reason.NO_RIGHT: "give it that right, and scan again",
        Reason.HIDDEN: "scan with an account that sees all rows (BYPASSRLS)",
        Reason.TOO_SLOW: "raise --seconds, or look at them by hand",
        Reason.CHANGED: "scan again when nobody writes to them",
        Reason.ENCRYPTED: "open them with their password, and scan the copy",
        Reason.SOUND: "transcribe them, and scan the transcripts",
        Reason.PICTURES: "look at them by hand",
        Reason.GUESSED: "convert them to UTF-8 where their letters come out wrong, and scan again",
        Reason.LOST: "look at them by hand",
    }
)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a scan amounts to so far. `where`: findings by object and type. `skipped`: objects that were not read; `parts`: parts
    within objects that were. `repaired`: read, though not as they stand. `waiting`: passed over in an object of which it is not
    known yet whether the rest of it is read. `examples`: by what is said of them and why, names of some that were
    not read, whole or in part, or not as they stand. `has_found_within`: something was found in what an object holds, and not in
    its name alone."""

    objects: int = 0
    bytes: int = 0
    seconds: float = 0.0
    skipped: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    repaired: Counter[str] = field(default_factory=Counter)
    waiting: Counter[PassedOver] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    has_found_within: bool = False
    where: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def has_read(self) -> bool:
        """Also of what was broken off before its bytes were counted."""
        return self.bytes > 0 or self.has_found_within

    @property
    def found(self) -> int:
        return self.findings.total()

    def count(self, event: Event) -> list[str]:
        """What can be said now of what was passed over, a line each."""
        if isinstance(event, Found):
            self.findings[event.finding.type] += 1
            self.where[event.object, event.finding.type] += 1
            self.has_found_within = self.has_found_within or event.field != IN_NAME
        elif isinstance(event, PassedOver):
            if event.reason in REPAIRED:
                return [self._put_down(_REPAIRED, self.repaired, event, 1)]
            self.waiting[event] += 1
        else:
            self.bytes += event.bytes
            self.objects += event.is_whole
            if event.is_whole:
                return self.settle(event.object)
        return []

    def settle(self, read: str | None = None) -> list[str]:
        """`read`: the object of which all was looked at; None once there is nothing more to come."""
        told = []
        for each, number in self.waiting.items():
            is_part = read is not None and (each.object == read or each.object.startswith(f"{read}!/"))
            what, counted = (_PART, self.parts) if is_part else (_WHOLE, self.skipped)
            told.append(self._put_down(what, counted, each, number))
        self.waiting.clear()
        return told

    def _put_down(self, what: str, counted: Counter[str], event: PassedOver, number: int) -> str:
        counted[event.reason.value] += number
        names = self.examples.setdefault((what, event.reason.value), [])
        if len(names) < _MOST_EXAMPLES:
            names.append(event.place)
        return f"{what}: {printable(event.place)} ({event.reason}{'' if number == 1 else f', {number:,} times'})"

    def summary(self) -> dict[str, object]:
        return {
            "objects": self.objects,
            "skipped": dict(self.skipped),
            "parts": dict(self.parts),
            "repaired": dict(self.repaired),
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "findings": dict(self.findings),
        }


def show(tally: Tally) -> None:
    size = f"{tally.objects:,} objects, {amount(tally.bytes)}, read in {tally.seconds:,.1f} s"
    if tally.found:
        _show_types(tally)
        _show_objects(tally)
    print(f"{tally.found:,} findings in {size}." if tally.has_read else "Nothing was read.")
    if tally.found:
        print("Where each lies and why: --json. What a value is, only its source shows.")
    _show_skipped(tally)


def _show_types(tally: Tally) -> None:
    objects = Counter(kind for _, kind in tally.where)
    print(f"{'found':>8}  {'objects':>7}  type")
    for kind, number in tally.findings.most_common():
        print(f"{number:>8,}  {objects[kind]:>7,}  {kind}")
    print()


def _show_objects(tally: Tally) -> None:
    by_object: dict[str, Counter[str]] = {}
    for (name, kind), number in tally.where.items():
        by_object.setdefault(name, Counter())[kind] += number
    most = sorted(by_object.items(), key=lambda each: (-each[1].total(), each[0]))
    print(f"{'found':>8}  where most of it lies")
    for name, kinds in most[:_MOST_OBJECTS]:
        what = ", ".join(f"{number:,} {kind}" for kind, number in kinds.most_common())
        print(f"{kinds.total():>8,}  {printable(name)}: {what}")
    if len(most) > _MOST_OBJECTS:
        print(f"{'…':>8}  and {len(most) - _MOST_OBJECTS:,} more objects; --json has every finding.")
    print()


def _show_skipped(tally: Tally) -> None:
    """What is not read may hold anything: a person should know, and know what to do."""
    if tally.skipped:
        print(f"\n{tally.skipped.total():,} not read, so what they hold is not known:")
        _show_reasons(tally, _WHOLE, tally.skipped)
    if tally.parts:
        parts = "1 part" if tally.parts.total() == 1 else f"{tally.parts.total():,} parts"
        print(f"\n{parts} not read within objects that were, so what they hold is not known:")
        _show_reasons(tally, _PART, tally.parts)
    if tally.repaired:
        print(f"\n{tally.repaired.total():,} read, though not as they stand:")
        _show_reasons(tally, _REPAIRED, tally.repaired)


def _show_reasons(tally: Tally, what: str, counted: Counter[str]) -> None:
    for reason, number in counted.most_common():
        names = ", ".join(map(printable, tally.examples[what, reason]))
        more = ", …" if number > _MOST_EXAMPLES else ""
        advice = f"; {_NEXT[reason]}" if reason in _NEXT else ""
        print(f"{number:>8,}  {reason}{advice}: {names}{more}")

"""The workloads of GDPRbench (Shastri et al., VLDB 2020): what a controller, a customer, a processor and a regulator ask of a
store of personal data, done by the product's own deeds, and by plain tables without privacy features in the same run.

Each operation is done by both, one after the other, and both have to answer the same: what was read is what was kept, and what
was deleted opens for nobody. Deleting a person is timed until nothing opens and every byte is confirmed gone; what follows by
itself, places in the ledger and the certificate, is not: see the benches of erasure and of the ledger.
"""

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

from rightcall.bench._estate import Tell
from rightcall.bench._gdpr_kept import PAGE, TERM_DAYS, Kept, Record
from rightcall.bench._gdpr_plain import Plain
from rightcall.bench._timing import percentile_ms
from rightcall.clock import day_of
from rightcall.ids import CallId, HoldingId, PurposeId, SubjectId, new_id
from rightcall.settings import load_settings
from rightcall.wiring import open_house

_SEED = 2020
_EACH = 5
"""Records of a person."""
_VALUE_BYTES = 100
_WARM_UP = 20
T = TypeVar("T")
Pairs = list[tuple[float, float]]
"""Seconds of ours and of the plain tables', for each operation."""


def run(*, calls: int = 500, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many records there are, and how many operations each role does."""
    say = tell or _silent
    found: dict[str, object] = {"bench": "gdpr", "records": calls, "operations_of_each_role": calls, "seed": _SEED}
    with (
        tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder,
        open_house(load_settings(data=Path(folder))) as house,
        tempfile.TemporaryDirectory(prefix="put-", dir=folder) as place,
    ):
        kept = Kept(house, Path(place))
        with closing(Plain(house, Path(place), kept.controller, kept.clock)) as plain:
            work = _Work(kept, plain, calls)
            work.fill(say)
            for role, workload in _WORKLOADS.items():
                found[role] = _told(work.do(role, workload, say))
    return found | {"goal_ratio": 1.5}


class _Work:
    """Both sides, and what is known of what they keep."""

    def __init__(self, kept: Kept, plain: Plain, size: int) -> None:
        self._kept = kept
        self._plain = plain
        self._size = size
        self._chance = Random(_SEED)  # noqa: S311 - a workload, not a secret
        self._people: dict[SubjectId, set[str]] = {}
        self._askable: list[tuple[SubjectId, PurposeId]] = []
        self._restricted: set[SubjectId] = set()
        self._records: dict[HoldingId, Record] = {}
        self._gone: list[Record] = []
        self._emails = 0
        self._took: dict[str, Pairs] = {}

    def fill(self, say: Tell) -> None:
        """As much as was let go of is kept anew, and nobody counts the time."""
        while len(self._to_ask()) < max(4, len(self._kept.purposes) * self._size // _EACH):
            email = self._new_email()
            subject = self._kept.add_person(email)
            self._plain.add_person(subject, email)
            self._people[subject] = {email}
            self._askable += [(subject, purpose) for purpose in self._kept.purposes]
        while len(self._records) < self._size:
            say("Keeping", len(self._records), self._size)
            new = self._new_record()
            self._kept.create(new)
            self._plain.create(new)
            self._records[new.id] = new

    def do(self, role: str, workload: Mapping[str, int], say: Tell) -> dict[str, Pairs]:
        """The operations of a role; the first ones are not counted."""
        self._took = defaultdict(list)
        if role == "regulator":
            self._plain.copy_logs()
        for nth in range(min(_WARM_UP, self._size) + self._size):
            if nth == min(_WARM_UP, self._size):
                self._took.clear()
            say(f"The {role}", nth, self._size)
            [kind] = self._chance.choices(list(workload), list(workload.values()))
            getattr(self, f"_{kind}")(kind)
            self.fill(_silent)
        return self._took

    # Controller

    def _create(self, kind: str) -> None:
        new = self._new_record()
        self._both(kind, partial(self._kept.create, new), partial(self._plain.create, new))
        self._records[new.id] = new

    def _delete_by_key(self, kind: str) -> None:
        record = self._a_record()
        self._took_back(record)
        self._both_delete(kind, [record], partial(self._kept.delete_by_key, record), partial(self._plain.delete_by_key, record))

    def _delete_by_purpose(self, kind: str) -> None:
        one = self._a_record()
        self._took_back(one)
        going = [each for each in self._of(one.subject) if each.purpose == one.purpose]
        self._both_delete(
            kind, going, partial(self._kept.delete_by_purpose, going), partial(self._plain.delete_by_purpose, going)
        )

    def _took_back(self, record: Record) -> None:
        """Whoever took a yes back is not asked again: the next yes would be weighed as one that was pressed for."""
        asked = (record.subject, record.purpose)
        self._askable = [each for each in self._askable if each != asked]

    def _delete_by_term(self, kind: str) -> None:
        """The next day on which something ends comes and goes."""
        day = min(each.last_day for each in self._records.values())
        going = [each for each in self._records.values() if each.last_day == day]
        self._kept.clock.ahead += timedelta(days=(day - self._today).days + 1)
        self._both_delete(kind, going, self._kept.delete_by_term, self._plain.delete_by_term)

    def _delete_by_user(self, kind: str) -> None:
        subject = self._a_record().subject
        going = self._of(subject)
        del self._people[subject]
        self._askable = [each for each in self._askable if each[0] != subject]
        self._restricted.discard(subject)
        self._both_delete(kind, going, partial(self._kept.delete_by_user, subject), partial(self._plain.delete_by_user, subject))

    def _shorten(self, kind: str) -> None:
        record = self._chance.choice([each for each in self._records.values() if each.last_day > self._tomorrow])
        sooner = replace(record, last_day=self._day_until(record.last_day))
        deeds = [partial(side.shorten, record, sooner.last_day) for side in (self._kept, self._plain)]
        self._both(kind, *deeds)
        self._records[record.id] = sooner

    def _restrict(self, kind: str) -> None:
        """Restricted, or where it is already, so no longer."""
        subject = self._a_record().subject
        if subject in self._restricted:
            self._both(kind, partial(self._kept.lift, subject), partial(self._plain.lift, subject))
        else:
            self._both(kind, partial(self._kept.restrict, subject), partial(self._plain.restrict, subject))
        self._restricted ^= {subject}

    # Customer

    def _read_own_data(self, kind: str) -> None:
        subject = self._a_record().subject
        self._both_read(kind, self._of(subject), *(partial(each.read_own_data, subject) for each in (self._kept, self._plain)))

    def _read_metadata(self, kind: str) -> None:
        subject = self._a_record().subject
        found = self._both(kind, *(partial(each.metadata, subject) for each in (self._kept, self._plain)))
        _check(found == {each.id: each.last_day for each in self._of(subject)}, "the metadata of a person is not what was kept")

    def _add_email(self, kind: str) -> None:
        subject, email = self._a_record().subject, self._new_email()
        self._both(kind, *(partial(each.add_email, subject, email) for each in (self._kept, self._plain)))
        self._people[subject].add(email)
        _check(self._kept.emails(subject) == self._people[subject], "what a person is known by is not what was said")

    # Processor

    def _read_by_key(self, kind: str) -> None:
        record = self._a_record()
        deeds = [partial(side.read_by_key, record) for side in (self._kept, self._plain)]
        self._both_read(kind, self._usable([record]), *deeds)

    def _read_by_purpose(self, kind: str) -> None:
        """Of a page of a purpose's records, those of people who did not have their use restricted."""
        purpose = self._chance.choice(self._kept.purposes)
        page = [each for each in self._records.values() if each.purpose == purpose][:PAGE]
        deeds = [partial(side.read_by_purpose, [each.id for each in page]) for side in (self._kept, self._plain)]
        self._both_read(kind, self._usable(page), *deeds)

    def _read_by_user(self, kind: str) -> None:
        subject = self._a_record().subject
        deeds = [partial(side.read_by_user, subject) for side in (self._kept, self._plain)]
        self._both_read(kind, self._usable(self._of(subject)), *deeds)

    # Regulator

    def _read_logs(self, kind: str) -> None:
        subject = self._a_record().subject
        self._both(kind, partial(self._kept.logs, subject), partial(self._plain.logs, subject))

    def _verify_deletion(self, kind: str) -> None:
        """Of what was let go of, and of what is there, which is not gone."""
        is_gone = bool(self._gone) and self._chance.random() < 0.8
        record = self._chance.choice(self._gone) if is_gone else self._a_record()
        found = self._both(kind, partial(self._kept.is_gone, record), partial(self._plain.is_gone, record))
        _check(found == is_gone, "what was deleted is there, or what is kept is not")

    def _both(self, kind: str, ours: Callable[[], T], plain: Callable[[], T]) -> T:
        """Both have to answer the same."""
        began = time.perf_counter()
        found = ours()
        between = time.perf_counter()
        beside = plain()
        self._took[kind].append((between - began, time.perf_counter() - between))
        _check(found == beside, f"{kind}: ours answered otherwise than the plain tables")
        return found

    def _both_read(
        self,
        kind: str,
        expected: list[Record],
        ours: Callable[[], dict[HoldingId, bytes]],
        plain: Callable[[], dict[HoldingId, bytes]],
    ) -> None:
        found = self._both(kind, ours, plain)
        _check(found == {each.id: each.value for each in expected}, f"{kind}: what was read is not what was kept")

    def _both_delete(self, kind: str, going: list[Record], ours: Callable[[], int], plain: Callable[[], int]) -> None:
        gone = self._both(kind, ours, plain)
        _check(gone == len(going) and all(self._kept.is_gone(each) for each in going), f"{kind}: what was deleted is there")
        for each in going:
            del self._records[each.id]
        self._gone += going

    def _a_record(self) -> Record:
        return self._chance.choice(list(self._records.values()))

    def _of(self, subject: SubjectId) -> list[Record]:
        return [each for each in self._records.values() if each.subject == subject]

    def _to_ask(self) -> list[tuple[SubjectId, PurposeId]]:
        """Nobody whose use is restricted: a yes said after that stands, so some of their records could be used and some not."""
        return [each for each in self._askable if each[0] not in self._restricted]

    def _usable(self, records: list[Record]) -> list[Record]:
        return [each for each in records if each.subject not in self._restricted]

    def _new_record(self) -> Record:
        subject, purpose = self._chance.choice(self._to_ask())
        return Record(
            id=HoldingId(new_id()),
            call=CallId(new_id()),
            subject=subject,
            purpose=purpose,
            last_day=self._tomorrow + timedelta(days=self._chance.randrange(TERM_DAYS)),
            value=self._chance.randbytes(_VALUE_BYTES // 2).hex().encode(),
        )

    def _new_email(self) -> str:
        self._emails += 1
        return f"caller{self._emails}@caller.example"

    def _day_until(self, day: date) -> date:
        return self._tomorrow + timedelta(days=self._chance.randrange((day - self._tomorrow).days))

    @property
    def _today(self) -> date:
        return day_of(self._kept.clock.now())

    @property
    def _tomorrow(self) -> date:
        return self._today + timedelta(days=1)


_WORKLOADS: Mapping[str, Mapping[str, int]] = {
    "controller": {
        "create": 100,
        "delete_by_key": 25,
        "delete_by_purpose": 25,
        "delete_by_term": 25,
        "delete_by_user": 25,
        "shorten": 100,
        "restrict": 100,
    },
    "customer": {"read_own_data": 20, "read_metadata": 20, "add_email": 20, "restrict": 20, "delete_by_user": 20},
    "processor": {"read_by_key": 80, "read_by_purpose": 10, "read_by_user": 10},
    "regulator": {"read_metadata": 46, "read_logs": 31, "verify_deletion": 23},
}
"""Which operations, in which proportions."""


def _told(took: Mapping[str, Pairs]) -> dict[str, object]:
    every = [pair for pairs in took.values() for pair in pairs]
    return _figures(every) | {"by_kind": {kind: _figures(pairs) for kind, pairs in sorted(took.items())}}


def _figures(pairs: Pairs) -> dict[str, object]:
    """`ratio`: how many times longer ours takes."""
    ours, plain = sorted(one for one, _ in pairs), sorted(other for _, other in pairs)
    return {
        "operations": len(pairs),
        "per_second": round(len(pairs) / sum(ours), 1),
        "plain_per_second": round(len(pairs) / sum(plain), 1),
        "ratio": round(sum(ours) / sum(plain), 2),
        "ms_p50": percentile_ms(ours, 50),
        "ms_p95": percentile_ms(ours, 95),
        "plain_ms_p50": percentile_ms(plain, 50),
        "plain_ms_p95": percentile_ms(plain, 95),
    }


def _check(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise AssertionError(otherwise)


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody watches."""

"""How fast a scan reads, on one core, beside two loops over the same files in the same run: one that only reads and decodes, and
one that also finds each group of digits with one regular expression, which is the least that any scan for numbers does.

Three sorts of files, as contact centres have them: notes of calls in prose, a table of customers, and an application's log in
JSON lines. In each, cards are planted at a known rate, and all must be found. Rounds take turns, the best of each counts.
"""

import json
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from rightcall.adapters.systems.folder.system import Folder
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.model import Found
from rightcall.discovery.scanning import scan_system

_PIECE = 1 << 18
_CARD = "4111 1111 1111 1111"
_PROSE = (
    "the customer called about a late delivery and asked whether the invoice was right we looked it up and promised to ring again"
    " tomorrow she was friendly though tired of waiting Grüße an alle tak for hjælpen à bientôt"
)
_WORDS = re.findall(r"\w+", _PROSE)
_DIGITS = re.compile(r"[0-9]+")
_FIRST = datetime(2026, 1, 1)  # noqa: DTZ001  # a made-up log's time, which is never compared with another


def run(mebibytes: int = 4, rounds: int = 3) -> dict[str, object]:
    """MB/s by sort of file, and over all of them; `mebibytes` of each sort."""
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder:
        files = {name: _write(Path(folder) / name, rows, mebibytes << 20) for name, rows in _SORTS.items()}
        figures: dict[str, object] = {"bench": "scan", "mebibytes_of_each_sort": mebibytes}
        totals = dict.fromkeys(_DEEDS, 0.0)
        for name, path in files.items():
            seconds = _best(path, rounds)
            totals = {deed: totals[deed] + seconds[deed] for deed in _DEEDS}
            figures[path.suffix[1:] + "_mb_per_second"] = _rate(path.stat().st_size, seconds["scan"])
            figures[path.suffix[1:] + "_findings"] = _check(path, name)
        size = sum(path.stat().st_size for path in files.values())
    return figures | {
        "mb_per_second": _rate(size, totals["scan"]),
        "peer": "a loop that reads and decodes the same files",
        "peer_mb_per_second": _rate(size, totals["read"]),
        "ratio": round(totals["read"] / totals["scan"], 4),
        "least": "the same loop that also finds each group of digits",
        "least_mb_per_second": _rate(size, totals["digits"]),
        "least_ratio": round(totals["digits"] / totals["scan"], 3),
    }


def _notes(chance: random.Random) -> Iterator[str]:
    while True:
        words = chance.choices(_WORDS, k=chance.randrange(12, 40))
        yield " ".join(words).capitalize() + f", order {chance.randrange(10**7)}.\n"


def _table(chance: random.Random) -> Iterator[str]:
    yield "id,customer,phone,amount,last order,note\n"
    while True:
        note = " ".join(chance.choices(_WORDS, k=4))
        phone = f"+4532{chance.randrange(10**5, 10**6)}"
        yield f"{chance.randrange(10**6)},C{chance.randrange(10**8)},{phone},{chance.random() * 900:.2f},2026-03-12,{note}\n"


def _log(chance: random.Random) -> Iterator[str]:
    at = _FIRST
    while True:
        at += timedelta(milliseconds=chance.randrange(900))
        line = {
            "at": at.isoformat(),
            "request": f"{chance.getrandbits(128):032x}",
            "took_ms": round(chance.random() * 40, 3),
            "bytes": chance.randrange(10**6),
            "path": f"/api/v1/calls/{chance.randrange(10**9)}",
        }
        yield json.dumps(line) + "\n"


_SORTS: dict[str, Callable[[random.Random], Iterator[str]]] = {"notes.txt": _notes, "customers.csv": _table, "app.jsonl": _log}
_PLANT_EVERY = 200


def _write(path: Path, rows: Callable[[random.Random], Iterator[str]], size: int) -> Path:
    """A card stands in every so-manieth row."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows(random.Random(7))):  # noqa: S311  # sample text, not a secret
            line = f"{row.rstrip()} {_CARD}\n" if number % _PLANT_EVERY == _PLANT_EVERY - 1 else row
            written += file.write(line)
            if written >= size:
                return path
    raise AssertionError("The rows never end.")


def _check(path: Path, name: str) -> int:
    planted = path.read_text(encoding="utf-8").count(_CARD)
    found = [each for each in scan_system(Folder(path), Rules()) if isinstance(each, Found)]
    if sum(each.finding.type == "payment_card" for each in found) != planted:
        raise AssertionError(f"Not every card that was planted in {name} was found.")
    return len(found)


def _scan(path: Path) -> None:
    for _ in scan_system(Folder(path), Rules()):
        pass


def _read(path: Path) -> None:
    for _ in _pieces(path):
        pass


def _digits(path: Path) -> None:
    for text in _pieces(path):
        for _ in _DIGITS.finditer(text):
            pass


def _pieces(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        while piece := file.read(_PIECE):
            yield piece


_DEEDS: dict[str, Callable[[Path], None]] = {"scan": _scan, "read": _read, "digits": _digits}


def _best(path: Path, rounds: int) -> dict[str, float]:
    best = dict.fromkeys(_DEEDS, float("inf"))
    for _ in range(rounds):
        for name, deed in _DEEDS.items():
            began = time.perf_counter()
            deed(path)
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def _rate(size: int, seconds: float) -> float:
    return round(size / seconds / 1e6, 1)

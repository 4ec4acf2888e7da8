"""How much of the data about people is found, how often it is wrong, and how fast, on one core: on texts of our own
making, beside Presidio's default set-up for English on the same English texts in the same run.

All parts of the corpora are weighed, each also by language. Rules may be made on all but one: their figures say how well
what we know is found. `unseen` judges: its texts, and those of `shown`, were written by somebody who had not read the rules,
and rules are never made on it, nor on what of it is missed.

Times are those of the process on its core, the best of several rounds. Presidio is none of our dependencies: where
`make presidio` put it beside us it is run, else it is told as missing.
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.parts import OF_WHOLE_TEXTS, PARTS, PATTERNS, cards_calls, documents
from rightcall.bench._corpora.weighing import Detector, Span, Tally, Weighed, weigh
from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.detection.rules import detect

_SEED = 20261125
_PEERS = {
    "CREDIT_CARD": "payment_card",
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip_address",
    "DATE_TIME": "date_of_birth",
    "US_SSN": "us_ssn",
    "UK_NINO": "uk_nino",
    "PERSON": "person_name",
    "LOCATION": "postal_address",
}
_FORGIVEN = frozenset(("date_of_birth", "postal_address"))
"""Presidio tells any date and any place: where these touch no value, nothing is held against it."""
_MISSING = "not measured: `make presidio` installs it beside Rightcall, in an environment of its own"


def run(
    documents_of_each: int = 300, whole_documents: int = 900, peer_documents: int = 120, rounds: int = 3
) -> dict[str, object]:
    """Figures by part of the corpora; `peer_documents`: so many English texts of each part go to the peer. Of parts made
    of whole texts more is read, so that something can be said of each language."""
    sizes = {part: whole_documents if part in OF_WHOLE_TEXTS else documents_of_each for part in PARTS}
    figures: dict[str, object] = {"bench": "detection", "seed": _SEED, "documents": sizes}
    for part in PARTS:
        all_of_it = list(documents(part, sizes[part], _SEED))
        calls = list(cards_calls(part, documents_of_each, _SEED))
        ours = _detector(part)
        codes = weigh(calls, ours).by_type.get("card_code", Tally())
        weighed = weigh(all_of_it, ours)
        figures[part] = {
            "mb_per_second": _rate(all_of_it, _best(all_of_it, rounds)),
            "by_type": _table(weighed),
            "by_language": _by_language(all_of_it, ours),
            "said": _recalls(weighed.said),
            "card_codes_in_calls_about_cards": {"there": codes.there, "missed": codes.there - codes.found},
            "english_beside_peer": _beside_peer(list(documents(part, peer_documents, _SEED, language="en")), ours, rounds),
        }
    return figures


def _detector(part: str) -> Detector:
    """Ours, given the patterns for numbers of one's own that belong to a part of the corpora."""
    patterns = tuple(read_pattern(each) for each in PATTERNS.get(part, ()))

    def ours(text: str) -> list[tuple[str, tuple[Span, ...]]]:
        return [(str(each.type), each.stretches) for each in detect(text, patterns=patterns)]

    return ours


def _by_language(texts: list[Document], ours: Detector) -> dict[str, object]:
    languages = sorted({each.language for each in texts})
    return {spoken: _table(weigh([each for each in texts if each.language == spoken], ours)) for spoken in languages}


def _best(texts: list[Document], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        for each in texts:
            detect(each.text)
        best = min(best, time.process_time() - began)
    return best


def _rate(texts: list[Document], seconds: float) -> float:
    return round(sum(len(each.text.encode()) for each in texts) / seconds / 1e6, 3)


def _beside_peer(texts: list[Document], detector: Detector, rounds: int) -> dict[str, object]:
    ours = {"mb_per_second": _rate(texts, _best(texts, rounds)), "by_type": _table(weigh(texts, detector))}
    python = Path(sys.prefix) / "presidio" / "bin" / "python"
    if not python.exists():
        return {"ours": ours, "presidio": _MISSING}
    told = _presidio(python, [each.text for each in texts])
    waiting = iter(told["found"])
    weighed = weigh(texts, lambda _: _mapped(next(waiting)), forgive=_FORGIVEN)
    theirs = {"mb_per_second": _rate(texts, told["seconds"]), "by_type": _table(weighed)}
    return {"ours": ours, "presidio": theirs}


def _presidio(python: Path, texts: list[str]) -> dict[str, Any]:
    script = Path(__file__).with_name("_presidio.py")
    done = subprocess.run(  # noqa: S603  # our own script, by the Python that was put beside us
        [str(python), str(script)], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _mapped(found: list[tuple[str, int, int]]) -> list[tuple[str, tuple[Span, ...]]]:
    return [(_PEERS[kind], ((start, end),)) for kind, start, end in found if kind in _PEERS]


def _table(weighed: Weighed) -> dict[str, dict[str, float | None]]:
    """By type, and over all types that are there."""
    whole = Tally()
    for tally in weighed.by_type.values():
        whole.there += tally.there
        whole.found += tally.found
        whole.told += tally.told
        whole.right += tally.right
    rows = {**dict(sorted(weighed.by_type.items())), "all": whole}
    return {kind: {"there": each.there, "recall": each.recall, "precision": each.precision} for kind, each in rows.items()}


def _recalls(said: Mapping[str, Tally]) -> dict[str, float | None]:
    return {kind: each.recall for kind, each in sorted(said.items())}

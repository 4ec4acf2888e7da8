"""Two systems of the company's own beside Rightcall: a database of customers, and a shared folder with what gathers in such
folders. They are written by the demo; the people in them are those who call."""

import random
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

from rightcall.canonical import Json
from rightcall.demo.quarter.cast import Caller

_OPEN, _SHUT = 0o644, 0o600
_CITIES = {"en": "Leeds", "sv": "Malmö", "fr": "Lille"}
_NOTES = (
    "asked to move the payment date",
    "meter read by telephone",
    "boiler out overnight, engineer sent",
    "moving out at the end of the month",
)
LABELS: Mapping[str, dict[str, Json]] = {
    "crm": {
        "en": "customer register",
        "de": "Kundenkartei",
        "fr": "fichier clients",
        "es": "registro de clientes",
        "da": "kundekartotek",
        "sv": "kundregister",
        "fi": "asiakasrekisteri",
        "nl": "klantenbestand",
    },
    "share": {
        "en": "shared folder of customer care",
        "de": "gemeinsamer Ordner des Kundendienstes",
        "fr": "dossier partagé du service clients",
        "es": "carpeta compartida de atención al cliente",
        "da": "kundeservices fælles mappe",
        "sv": "kundtjänstens gemensamma mapp",
        "fi": "asiakaspalvelun yhteinen kansio",
        "nl": "gedeelde map van de klantenservice",
    },
}
"""What customers read instead of their names, in the languages that pages speak."""
# Passes the check digit and belongs to nobody: the one that card schemes give for tests.
_CARD = "4111 1111 1111 1111"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    database: Path
    share: Path

    @property
    def export(self) -> Path:
        return self.share / "customers-export.csv"


def write(folder: Path, people: Sequence[Caller], dice: random.Random, day: date) -> Sources:
    """As they are before anybody looks: the export and the note can be read by everybody on the machine."""
    made = Sources(database=folder / "crm.sqlite", share=folder / "share")
    made.share.mkdir(parents=True)
    _database(made.database, people, dice, day)
    _export(made.export, people)
    for nth, person in enumerate(people[:6]):
        _put(made.share / "mails" / f"message-{nth + 1}.eml", bytes(_mail(person, dice.choice(_NOTES))), _SHUT)
    note = f"Refunds to do\n{people[0].customer_id} {people[0].name}: charged twice, card {_CARD}, refund 41.20\n"
    _put(made.share / "refunds.txt", note.encode(), _OPEN)
    log = "".join(f"{day} 09:{nth:02d}:11 reminder sent to {person.email}\n" for nth, person in enumerate(people[:9]))
    _put(made.share / "logs" / "reminders.log", log.encode(), _SHUT)
    return made


def _database(file: Path, people: Sequence[Caller], dice: random.Random, day: date) -> None:
    with closing(sqlite3.connect(file)) as crm, crm:
        crm.execute("CREATE TABLE customers (customer_id TEXT PRIMARY KEY, name TEXT, phone TEXT, email TEXT, city TEXT)")
        crm.execute("CREATE TABLE tickets (ticket INTEGER PRIMARY KEY, customer_id TEXT, opened_on TEXT, note TEXT)")
        rows = [(each.customer_id, each.name, each.tel, each.email, _CITIES[each.language]) for each in people]
        crm.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", rows)
        tickets = [
            (each.customer_id, str(day - timedelta(days=dice.randrange(400))), f"{each.name} {dice.choice(_NOTES)}")
            for each in dice.sample(list(people), len(people) // 2)
        ]
        crm.executemany("INSERT INTO tickets (customer_id, opened_on, note) VALUES (?, ?, ?)", tickets)
    file.chmod(_SHUT)


def _export(file: Path, people: Sequence[Caller]) -> None:
    lines = [f"{each.customer_id};{each.name};{each.tel};{each.email}" for each in people]
    _put(file, "\n".join(["customer_id;name;phone;email", *lines, ""]).encode(), _OPEN)


def _mail(person: Caller, note: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{person.name} <{person.email}>"
    mail["To"] = "care@northwind.example"
    mail["Subject"] = f"About {person.customer_id}"
    mail.set_content(f"Good morning,\n\nI called about this: {note}. My number is {person.tel}.\n\n{person.name}\n")
    return mail


def _put(file: Path, content: bytes, mode: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    file.chmod(mode)

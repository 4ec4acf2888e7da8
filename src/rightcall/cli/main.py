"""`rightcall`: every command in one place. Each does one thing, says what it does, and ends with a code that means something.

The code of a command is loaded when it is called, and no other's: checking a proof needs no database, and does not wait for one.
"""

import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import typer

from rightcall.cli.as_json import with_json
from rightcall.cli.exits import Boundary, ExitCode
from rightcall.cli.words import said_to, words
from rightcall.later import load
from rightcall.telemetry import configure_logging

_COMPLETE = "_RIGHTCALL_COMPLETE"
_JSON = "--json"


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command is, `module:name`, and what the list of all commands says of it. Hidden where it says nothing. `answers`:
    something that `--json` could tell."""

    place: str
    says: str = ""
    answers: bool = True

    def load(self) -> typer.Typer | Callable[..., None]:
        found: typer.Typer | Callable[..., None] = load(self.place)
        return found


COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "serve": Command(
            "rightcall.cli.serve:serve",
            "Run Rightcall until Ctrl-C. Everything it needs on this machine is made on the first start.",
            answers=False,
        ),
        "verify": Command(
            "rightcall.cli.verify:verify",
            "Check a proof offline, step by step. Ends with 0 where it holds, with 1 where it does not.",
        ),
        "scan": Command(
            "rightcall.cli.scan:scan",
            "Find data about people. Prints where it lies, what it is and why we think so; never the data itself.",
        ),
        "system": Command(
            "rightcall.cli.systems:app", "Other systems: register them, scan them, see what was found and what was not read."
        ),
        "bench": Command("rightcall.cli.bench:bench", "Measure, and describe the machine it was measured on."),
        "migrate": Command(
            "rightcall.cli.keep:migrate",
            "Bring the database to the shape that this version needs. `serve` does it too.",
        ),
        "backup": Command(
            "rightcall.cli.backups:backup",
            "Copy database and sealed bytes into FOLDER, new or empty; never the keys. After the epoch turns it opens nothing.",
        ),
        "restore": Command(
            "rightcall.cli.backups:restore",
            "Put a backup into an empty database and an empty object store; what was destroyed since is destroyed again.",
        ),
        "backups": Command("rightcall.cli.backups:app", "Backups that were made, of data and of keys."),
        "drill": Command(
            "rightcall.cli.drills:drill",
            "Restore a backup beside the running system, show that what was let go stays shut and what is kept opens, and throw"
            " the copy away. Prints one JSON object.",
        ),
        "demo": Command(
            "rightcall.demo.main:demo",
            "Make up a quarter of a year of a contact centre, place four real calls, and show, step by step, what was recorded,"
            " what was not, and the proof.",
            answers=False,
        ),
        "testcall": Command(
            "rightcall.testcall.main:place",
            "Place a test call from sound files, answer a notice, pause, withdraw, and report what the recorder did.",
        ),
        "role": Command("rightcall.cli.roles:role", answers=False),
        "staff": Command("rightcall.cli.staff:app", "People who work here: take in, suspend, links to sign up, sessions."),
        "token": Command("rightcall.cli.tokens:app", "API tokens: make, list, revoke."),
        "controller": Command("rightcall.cli.controllers:app", "Controllers: the companies on whose behalf data is processed."),
        "register": Command(
            "rightcall.cli.register:app", "The register of controllers, purposes, notices and trunks, as a file."
        ),
        "vcon": Command("rightcall.cli.vcons:app", "Conversations of others, as vCons."),
        "notice": Command("rightcall.cli.notices:app", "Notices: the words people are asked with."),
        "activities": Command(
            "rightcall.cli.activities:app", "The record of processing activities (GDPR Art. 30), generated from what runs."
        ),
        "processor": Command(
            "rightcall.cli.processors:app", "Processors that are asked by OpenDSR: register them, see what they were asked."
        ),
        "breach": Command("rightcall.cli.breaches:app", "Breaches: who is affected, how badly, whom to tell and until when."),
        "parity": Command("rightcall.cli.parity:app", "Whether those who say no fare as well as those who say yes."),
        "review": Command(
            "rightcall.cli.reviews:app", "Reviews: why a purpose, and is it right. Without one in force nothing runs for it."
        ),
        "concern": Command("rightcall.cli.concerns:app", "Concerns: what people say is wrong, and the answer."),
        "consent": Command("rightcall.cli.consent:app", "Consent: what the yeses are worth."),
        "rules": Command("rightcall.cli.house_rules:app", "House rules."),
        "verdict": Command("rightcall.cli.verdicts:app", "Verdicts: may this be done, is it right, and what was decided lately."),
        "purpose": Command("rightcall.cli.purposes:app", "Purposes: why, who reviewed it, and what came of it."),
        "safety": Command("rightcall.cli.safety:app", "Is it stored safely: the weaknesses of other systems."),
        "links": Command("rightcall.cli.links:app", "Whose records in other systems are; doubtful ones wait for your word."),
        "joins": Command("rightcall.cli.joins:app", "Subjects that may be one person wait for your word."),
        "held": Command(
            "rightcall.cli.data_map:held", "All that is held about a person, by us and by other systems, and where it came from."
        ),
        "hold": Command("rightcall.cli.holds:app", "Holds: what is kept longer than it would be, why and until when; two agree."),
        "map": Command(
            "rightcall.cli.data_map:data_map",
            "How much of which data lies in which system, about how many people; without a purpose, past its term.",
        ),
        "terms": Command(
            "rightcall.cli.terms:app", "What ends in the next days, and what outlives its term; and asking for a longer one."
        ),
        "provenance": Command(
            "rightcall.cli.data_map:provenance", "Where things came from: as W3C PROV, as a picture, as a page."
        ),
        "minimisation": Command(
            "rightcall.cli.minimisation:app", "What purposes really read, what nobody reads, and what could be kept less."
        ),
        "requests": Command(
            "rightcall.cli.requests:app", "What people ask of you, how far it is, and until when it is answered."
        ),
        "corrections": Command(
            "rightcall.cli.corrections:app", "Corrections: the right value, what is open in other systems, and who is told."
        ),
        "attestation": Command(
            "rightcall.cli.attestations:app", "Whether anything is held under a number or an address, in writing."
        ),
        "erasure": Command(
            "rightcall.cli.erasures:app", "Erasures: what is open in other systems, what needs you, and who was told."
        ),
        "procedures": Command(
            "rightcall.cli.procedures:app",
            "Durable work: what runs, waits or failed, what needs you, and what is done when.",
        ),
        "override": Command("rightcall.cli.overrides:app", "House rules set aside by a named person, for a while."),
        "epoch": Command("rightcall.cli.keep:epochs", "Epochs of keys: how long a backup can live."),
        "ledger": Command("rightcall.cli.keep:ledger", "The ledger."),
        "man": Command(
            "rightcall.cli.manual:manual",
            "Print the manual page. To read it: rightcall man > rightcall.1, then man -l rightcall.1",
            answers=False,
        ),
    }
)


def run(arguments: Sequence[str] | None = None) -> None:
    """The entry point. Ends the process with one of the codes in `exits`."""
    sys.exit(code_of(sys.argv[1:] if arguments is None else arguments))


def code_of(arguments: Sequence[str]) -> int:
    """Runs one command; its exit code."""
    as_json = _JSON in arguments
    boundary = Boundary(as_json=as_json)
    with boundary, said_to(program=as_json):
        configure_logging("warning", "cli")
        called = {word for word in (*arguments[:1], _to_complete()) if word in COMMANDS}
        with words().status("Starting…"):
            app = app_of(called)
        ended = app(list(arguments), prog_name="rightcall", standalone_mode=not as_json)
        sys.exit(ended if isinstance(ended, int) else ExitCode.DONE)
    return boundary.code


def _to_complete() -> str:
    """The command whose words a shell wants completed; nothing where none does. As Typer's scripts for shells ask."""
    if _COMPLETE not in os.environ:
        return ""
    words = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS", "")
    return next(iter(words.split()[1:2]), "")


def app_of(loaded: Collection[str]) -> typer.Typer:
    """Every command by its name; only those in `loaded` can be run."""
    app = typer.Typer(
        name="rightcall",
        help="The privacy and ethics system of a contact centre: no yes, no recording.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    for name, command in COMMANDS.items():
        found = command.load() if name in loaded else _not_loaded
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            run = with_json(found) if command.answers else found
            app.command(name, help=command.says if found is _not_loaded else None, hidden=not command.says)(run)
    return app


def _not_loaded() -> None:
    raise AssertionError("A command was called that was not loaded.")

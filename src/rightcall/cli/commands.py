"""Every command there is, in groups as `rightcall --help` shows them: where its code is, and what the list says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import typer

from rightcall.later import load


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


GROUPS: Mapping[str, Mapping[str, Command]] = MappingProxyType(
    {
        "Run it": {
            "serve": Command(
                "rightcall.cli.serve:serve",
                "Run Rightcall until Ctrl-C. Everything it needs on this machine is made on the first start.",
                answers=False,
            ),
            "migrate": Command(
                "rightcall.cli.keep:migrate", "Bring the database to the shape that this version needs. `serve` does it too."
            ),
            "staff": Command("rightcall.cli.staff:app", "People who work here: take in, suspend, links to sign up, sessions."),
            "token": Command("rightcall.cli.tokens:app", "API tokens: make, list, revoke."),
            "controller": Command(
                "rightcall.cli.controllers:app", "Controllers: the companies on whose behalf data is processed."
            ),
            "demo": Command(
                "rightcall.demo.main:demo",
                "Make up a quarter of a year of a contact centre, place four real calls, and show, step by step, what was"
                " recorded, what was not, and the proof.",
                answers=False,
            ),
            "testcall": Command(
                "rightcall.testcall.main:place",
                "Place a test call from sound files, answer a notice, pause, withdraw, and report what the recorder did.",
            ),
            "procedures": Command(
                "rightcall.cli.procedures:app", "Durable work: what runs, waits or failed, what needs you, and what is done when."
            ),
            "ledger": Command(
                "rightcall.cli.keep:ledger",
                "The ledger: its key, what a statement says, and whether all is as it was signed.",
            ),
            "bench": Command("rightcall.cli.bench:bench", "Measure, and describe the machine it was measured on."),
            "man": Command(
                "rightcall.cli.manual:manual",
                "Print the manual page. To read it: rightcall man > rightcall.1, then man -l rightcall.1",
                answers=False,
            ),
            "role": Command("rightcall.cli.roles:role", answers=False),
        },
        "Say why, and ask": {
            "register": Command(
                "rightcall.cli.register:app", "The register of controllers, purposes, notices and trunks, as a file."
            ),
            "purpose": Command("rightcall.cli.purposes:app", "Purposes: why, who reviewed it, and what came of it."),
            "review": Command(
                "rightcall.cli.reviews:app", "Reviews: why a purpose, and is it right. Without one in force nothing runs for it."
            ),
            "notice": Command("rightcall.cli.notices:app", "Notices: the words people are asked with."),
            "consent": Command("rightcall.cli.consent:app", "Consent: what the yeses are worth."),
        },
        "Is it right": {
            "verdict": Command(
                "rightcall.cli.verdicts:app", "Verdicts: may this be done, is it right, and what was decided lately."
            ),
            "rules": Command(
                "rightcall.cli.house_rules:app",
                "House rules: what they stop, and yours instead; two adopt them.",
            ),
            "override": Command("rightcall.cli.overrides:app", "House rules set aside by a named person, for a while."),
            "parity": Command("rightcall.cli.parity:app", "Whether those who say no fare as well as those who say yes."),
            "concern": Command("rightcall.cli.concerns:app", "Concerns: what people say is wrong, and the answer."),
        },
        "Know what is held": {
            "held": Command(
                "rightcall.cli.held:held",
                "All that is held about a person, by us and by other systems, and where it came from.",
            ),
            "map": Command(
                "rightcall.cli.data_map:data_map",
                "How much of which data lies in which system, about how many people; without a purpose, past its term.",
            ),
            "provenance": Command(
                "rightcall.cli.provenance:provenance", "Where things came from: as W3C PROV, as a picture, as a page."
            ),
            "system": Command(
                "rightcall.cli.systems:app", "Other systems: register them, scan them, see what was found and what was not read."
            ),
            "scan": Command(
                "rightcall.cli.scan:scan",
                "Find data about people. Prints where it lies, what it is and why we think so; never the data itself.",
            ),
            "links": Command("rightcall.cli.links:app", "Whose records in other systems are; doubtful ones wait for your word."),
            "joins": Command("rightcall.cli.joins:app", "Subjects that may be one person wait for your word."),
            "safety": Command("rightcall.cli.safety:app", "Is it stored safely: the weaknesses of other systems."),
            "minimisation": Command(
                "rightcall.cli.minimisation:app", "What purposes really read, what nobody reads, and what could be kept less."
            ),
            "activities": Command(
                "rightcall.cli.activities:app", "The record of processing activities (GDPR Art. 30), generated from what runs."
            ),
            "breach": Command("rightcall.cli.breaches:app", "Breaches: who is affected, how badly, whom to tell and until when."),
            "vcon": Command("rightcall.cli.vcons:app", "Conversations of others, as vCons."),
        },
        "Let go, and prove it": {
            "terms": Command(
                "rightcall.cli.terms:app", "What ends in the next days, and what outlives its term; and asking for a longer one."
            ),
            "hold": Command(
                "rightcall.cli.holds:app", "Holds: what is kept longer than it would be, why and until when; two agree."
            ),
            "requests": Command(
                "rightcall.cli.requests:app", "What people ask of you, how far it is, and until when it is answered."
            ),
            "corrections": Command(
                "rightcall.cli.corrections:app", "Corrections: the right value, what is open in other systems, and who is told."
            ),
            "erasure": Command(
                "rightcall.cli.erasures:app", "Erasures: what is open in other systems, what needs you, and who was told."
            ),
            "processor": Command(
                "rightcall.cli.processors:app", "Processors that are asked by OpenDSR: register them, see what they were asked."
            ),
            "attestation": Command(
                "rightcall.cli.attestations:app", "Whether anything is held under a number or an address, in writing."
            ),
            "verify": Command(
                "rightcall.cli.verify:verify",
                "Check a proof offline, step by step. Ends with 0 where it holds, with 1 where it does not.",
            ),
            "backup": Command(
                "rightcall.cli.backups:backup",
                "Copy database and sealed bytes into FOLDER, new or empty; never the keys. After the epoch turns it opens"
                " nothing.",
            ),
            "backups": Command("rightcall.cli.backups:app", "Backups that were made, of data and of keys."),
            "drill": Command(
                "rightcall.cli.drills:drill",
                "Restore a backup beside the running system, show that what was let go stays shut and what is kept opens, and"
                " throw the copy away. Prints one JSON object.",
            ),
            "restore": Command(
                "rightcall.cli.backups:restore",
                "Put a backup into an empty database and an empty object store; what was destroyed since is destroyed again.",
            ),
            "reopen": Command(
                "rightcall.cli.reopening:reopen",
                "Open what is shut because the database may have been put back, where what tells is lost. You answer for it.",
            ),
            "epoch": Command("rightcall.cli.keep:epochs", "Epochs of keys: how long a backup can live."),
        },
    }
)
COMMANDS: Mapping[str, Command] = MappingProxyType({name: each for group in GROUPS.values() for name, each in group.items()})

"""One person is let go of, from what was kept on a yes to the proof that it is gone, on a whole Rightcall.

Told twice: undisturbed, and with everything killed that works on it (`killing`). Both end as `THE_END` says. Reads like
docs/life-of-a-call.md, chapters 8 and 9.
"""

import io
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from rightcall.cli.register import apply_register, read_register
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.policy.actions import load_rules
from rightcall.testcall.desk import Declined
from tests.cast import ADA_EMAIL, ADA_TEL, BEN_EMAIL, BEN_TEL
from tests.evidence.test_stranger import STRANGER
from tests.journeys.deployment import Deployment, deployed, eventually, patiently
from tests.journeys.killing import Killing, Nursery, Undisturbed
from tests.journeys.line import PROOF, Line, instant, noise, takes_of

PATIENCE = 900.0
CARE = Path(__file__).with_name("care.toml")
ADA, BEN = "KD-204711", "KD-300000"
DISPUTE = {"name": "dispute-2026-114", "reason": "legal_claims", "law": "ZPO § 142", "until": "2099-06-30"}
LONGER = "2099-12-31"
NUMBER = {"name": "customer_id", "expression": "KD-[0-9]{6}"}
WITHOUT_WORKER = "web,media,signalling"
REMAINS = "rightcall:remains"
STEPS = ["received", "acknowledged", "proved", "ready", "begun", "fulfilled"]
BENS = (BEN, BEN_TEL, BEN_EMAIL)
OURS = [("choices", 1, None), ("timeline", 1, None)]
HELD, HELD_LONGER = [("hold", 1, DISPUTE["until"])] * 2, [("hold", 1, LONGER)] * 2
THE_END: dict[str, Any] = {
    "recordings": 1,
    "told": {ADA_EMAIL},
    "holdings": {("stream", False, True): 2, ("field", False, True): 6},
    "steps": {"access": STEPS, "erasure": STEPS},
    "outcomes": {"access": "fulfilled", "erasure": "fulfilled"},
    "elsewhere": [
        {"crm": {"confirmed": 2, "held": 1}, "share": {"confirmed": 3}},
        {"crm": {"confirmed": 3}, "share": {"confirmed": 3}},
    ],
    "recipients": [("Print House", "let_go")],
    "crm": [tuple("*" * len(each) for each in (ADA, ADA_TEL, ADA_EMAIL)), BENS],
    "share": ["number,phone,email", ",".join(BENS)],
    "files": [],
    "known": [],
    "drill": {"passed": True, "faults": [], "kept": {"tried": 2, "opened": 2}, "let_go": {"tried": 4, "opened": 0}},
    "aside": [],
    "certificates": [
        ("partial", [*HELD, *OURS]),
        ("partial", [*HELD_LONGER, *OURS]),
        ("complete_after_backups", OURS),
        ("complete", OURS),
    ],
    "epochs": ["destroyed", "current"],
    "open procedures": [],
}


@contextmanager
def undisturbed(folder: Path) -> Iterator[tuple[Deployment, Undisturbed]]:
    with deployed(folder) as deployment:
        yield deployment, Undisturbed()


@contextmanager
def killed(folder: Path) -> Iterator[tuple[Deployment, Killing]]:
    """With a worker that is soon replaced, however often it is killed."""
    nurseries: list[Nursery] = []

    @contextmanager
    def worker(deployment: Deployment) -> Iterator[None]:
        nurseries.append(Nursery(deployment))
        try:
            yield
        finally:
            nurseries[0].end()

    with deployed(folder, worker, roles=WITHOUT_WORKER) as deployment:
        kills = Killing(deployment, nurseries[0])
        try:
            yield deployment, kills
        finally:
            kills.stop()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("manner", [undisturbed, killed])
def test_one_person_is_let_go_of(tmp_path: Path, manner: Any) -> None:
    with manner(tmp_path) as (deployment, kills):
        story = Story(deployment, tmp_path, kills)
        story.what_is_held()
        story.something_must_stay()
        story.it_is_backed_up()
        kills.begin()
        story.she_asks()
        story.she_takes_her_copy()
        story.she_is_erased()
        story.recipients_are_told()
        story.the_dispute_takes_longer()
        story.the_hold_ends()
        story.a_backup_brings_nothing_back()
        story.the_epoch_turns()
        kills.end()
        story.it_is_proved()
        assert story.the_end() == THE_END


@dataclass(slots=True)
class Story:
    deployment: Deployment
    folder: Path
    kills: Undisturbed | Killing
    known: dict[str, Any] = field(default_factory=dict)

    def what_is_held(self) -> None:
        """Of Ada and of Ben: a call that was recorded on a yes, a row in a database, a line in a file."""
        self._register_care()
        calls = {name: self._call(tel) for name, tel in (("ada", ADA_TEL), ("ben", BEN_TEL))}
        rows = ((ADA, ADA_TEL, ADA_EMAIL), BENS)
        with closing(sqlite3.connect(self.crm)) as crm, crm:
            crm.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, number TEXT, phone TEXT, email TEXT)")
            crm.executemany("INSERT INTO customers (number, phone, email) VALUES (?, ?, ?)", rows)
        self.share.parent.mkdir()
        self.share.write_text("\n".join(["number,phone,email", *(",".join(row) for row in rows), ""]))
        for name, address in (("crm", f"sqlite:///{self.crm}"), ("share", str(self.share.parent))):
            uses = [{"purpose": "care"}]
            system = {"name": name, "address": address, "erases": "parts", "regions": ["DK"], "uses": uses, "numbers": [NUMBER]}
            self.dpo.post("/systems", system)
            self.dpo.post(f"/systems/{name}/scans", {})
        for name in ("crm", "share"):
            self._until(lambda name=name: self.dpo.get(f"/systems/{name}/scans")["items"][0]["followed_at"], f"{name} is scanned")
        self.dpo.post("/recipients", {"name": "Print House", "kind": "processor", "country": "DK", "purposes": ["care"]})
        subject = next(party["subject"] for party in calls["ada"]["parties"] if party["role"] == "customer")
        for each in self.dpo.get("/links", state="doubtful", subject=subject)["items"]:
            self.dpo.post(f"/links/{each['id']}/accept", {"reason": "person_said_so"})
        held = self.dpo.get(f"/subjects/{subject}/holdings")["items"]
        self.known |= {"subject": subject, "held": held, "calls": calls}

    def _register_care(self) -> None:
        """As `rightcall register apply` does."""
        with closing(Database(self.deployment.database_url(), connections=2)) as database:
            apply_register(database, SystemClock(), read_register(CARE), load_rules())

    def _call(self, tel: str) -> dict[str, Any]:
        line = Line(self.deployment, tel)
        line.ask(PROOF)
        patiently(lambda: line.choose(PROOF, "granted"))
        line.say(noise(0.6))
        line.hang_up()
        return line.finished()

    def something_must_stay(self) -> None:
        """A fifth of a second of what she said, and her address in the database: two people say so."""
        take = takes_of(self.known["calls"]["ada"], "customer")[-1]
        heard = instant(take["first_at"]) - instant(take["opened_at"])
        from_ms = int(heard.total_seconds() * 1000)
        [mail] = [
            each["id"]
            for each in self.known["held"]
            if each["place"]["system_name"] == "crm" and each["category"] == "pd:EmailAddress"
        ]
        slices = [
            {"holding": take["id"], "purpose": PROOF, "from_ms": from_ms, "until_ms": from_ms + 200},
            {"holding": mail, "purpose": "care"},
        ]
        hold = self.dpo.post("/holds", DISPUTE | {"slices": slices})
        self.deployment.desk("supervisor").post(f"/holds/{hold['id']}/agree", {})
        self.known |= {"hold": hold["id"], "slices": [each["holding"] for each in hold["slices"]]}

    def it_is_backed_up(self) -> None:
        self.kills.backed_up(self.folder)
        self.deployment.command("backup", str(self.folder / "backup"))

    def she_asks(self) -> None:
        """For a copy, and to be erased; whoever answers the telephone rings her number on file."""
        access = self.kills.asked(lambda: self.dpo.post("/requests", self._request("access")))
        erasure = self.dpo.post("/requests", self._request("erasure"))
        assert erasure["waits_for"] == ["access_first"]
        assert len(self.dpo.get("/requests")["items"]) == 2
        self.known |= {"access": access["id"], "erasure": erasure["id"]}

    def _request(self, kind: str) -> dict[str, Any]:
        return {"subject": self.known["subject"], "kind": kind, "channel": "phone", "proof": "call_back"}

    def she_takes_her_copy(self) -> None:
        path = f"/requests/{self.known['access']}/package"
        self._until(lambda: self._found(path).get("state") == "ready", "her copy is made")
        handed = self.dpo.post(f"{path}/hand-over", {})
        with httpx.Client(base_url=self.deployment.address, trust_env=False) as person:
            entered = person.post(handed["link"], data={"code": handed["code"]})
            cookie = entered.headers["set-cookie"].partition(";")[0]
            copy = person.get(entered.headers["location"], headers={"Cookie": cookie})
        with ZipFile(io.BytesIO(copy.content)) as file:
            self.known["recordings"] = sum(name.endswith(".wav") for name in file.namelist())
            self.known["told"] = {
                each for each in (ADA_EMAIL, BEN_EMAIL) if any(each.encode() in file.read(name) for name in file.namelist())
            }

    def _found(self, path: str) -> dict[str, Any]:
        """Empty while it is not there yet."""
        try:
            return dict(self.dpo.get(path))
        except Declined as declined:
            if declined.status != 404:
                raise
            return {}

    def she_is_erased(self) -> None:
        """Nothing of hers opens or is found, but for what is held; her certificate says so, and until which day."""
        request = f"/requests/{self.known['erasure']}"
        self._until(lambda: self.dpo.get(request)["stage"] == "answered", "she is erased")
        self._until(lambda: self._erasure().get("recipients"), "it is known who is to be told")

    def recipients_are_told(self) -> None:
        for each in self._erasure()["recipients"]:
            path = f"/erasures/{self.known['erasure']}/recipients/{each['recipient']}"
            assert ADA_TEL in self.dpo.content(f"{path}/letter").decode()
            self.dpo.post(f"{path}/told", {})
            self.dpo.post(f"{path}/answer", {"answer": "let_go"})
        self.known["certified"] = self._certified()
        self.known["elsewhere while held"] = self._elsewhere()

    def the_dispute_takes_longer(self) -> None:
        """Two people say so, and her certificate names the later day."""
        self.dpo.post(f"/holds/{self.known['hold']}/prolong", {"until": LONGER})
        self.deployment.desk("supervisor").post(f"/holds/{self.known['hold']}/agree", {})
        before = self._erasure()["certificate"]
        self._until(lambda: self._erasure()["certificate"] != before, "the later day is certified")
        self.known["certified longer"] = self._certified()

    def the_hold_ends(self) -> None:
        """By itself, once its last day is over; or because somebody lifts it."""
        if not self.kills.time_passes("UPDATE holds SET until = current_date - 1 WHERE until = %s", LONGER):
            self.dpo.post(f"/holds/{self.known['hold']}/lift", {})
        self._until(lambda: self._is_confirmed(), "what was held is gone")
        self.known["whole"] = self._certified()

    def a_backup_brings_nothing_back(self) -> None:
        """What was let go of stays shut in it, and what Ben said is there."""
        aside = self.deployment.data / "drill"
        self.kills.cut_off("drill", str(self.folder / "backup"), middle=lambda: any(aside.glob("*/objects")))
        found = json.loads(self.deployment.command("drill", str(self.folder / "backup")))
        self.known["drill"] = {key: found[key] for key in ("passed", "faults", "kept", "let_go")}

    def the_epoch_turns(self) -> None:
        """By itself, once it is due, or by command: the backup's keys are gone for good, and her certificate names no backup any
        more."""
        before = self._erasure()["certificate"]
        due = "UPDATE epochs SET begun_at = begun_at - %s::interval WHERE state = 'current'"
        if not self.kills.time_passes(due, "30 days"):
            self.deployment.command("epoch", "rotate")
        self._until(lambda: self._erasure()["certificate"] != before, "the turn is certified")
        self._until(lambda: self._epochs() == THE_END["epochs"], "the old epoch is over")
        self.known["after the turn"] = self._certified()

    def _epochs(self) -> list[str]:
        with closing(Database(self.deployment.database_url(), connections=2)) as database, database.system() as tx:
            return [row["state"] for row in tx.connection.execute("SELECT state FROM epochs ORDER BY epoch").fetchall()]

    def it_is_proved(self) -> None:
        """Each certificate that was ever made of it, by a program that is not ours."""
        key = self.deployment.command("ledger", "key").strip()
        for file in self._certificates().values():
            (self.folder / "certificate.json").write_bytes(file)
            command = [sys.executable, "-I", "-S", str(STRANGER), str(self.folder / "certificate.json"), key]
            checked = subprocess.run(command, capture_output=True, text=True, check=False)
            assert checked.returncode == 0, checked.stderr

    def _erasure(self) -> dict[str, Any]:
        return self._found(f"/erasures/{self.known['erasure']}")

    def _elsewhere(self) -> dict[str, Any]:
        return {each["name"]: each["places"] for each in self._erasure()["elsewhere"]}

    def _is_confirmed(self) -> bool:
        return all(places.keys() == {"confirmed"} for places in self._elsewhere().values())

    def _certified(self) -> tuple[str, list[tuple[str, int, str | None]]]:
        """The grade of the certificate as things stand now, and what it says remains."""
        self._until(lambda: self._is_quiet() and self._erasure()["certificate"], "it is certified")
        document = json.loads(self._certificates()[self._erasure()["certificate"]])
        remains = [(each["rightcall:ground"], each["rightcall:count"], each.get("rightcall:until")) for each in document[REMAINS]]
        return document["rightcall:grade"], remains

    def _is_quiet(self) -> bool:
        return not any(self.dpo.get("/procedures", state=state)["items"] for state in ("running", "waiting", "failed"))

    def _certificates(self) -> dict[str, bytes]:
        """The files by their ids."""
        found = self.dpo.get(f"/subjects/{self.known['subject']}/certificates")["items"]
        return {each["id"]: self._file(each["file"]) for each in found}

    def _file(self, path: str) -> bytes:
        return patiently(lambda: bytes(self.dpo.content(path.removeprefix("/api/v1"))), PATIENCE)

    def the_end(self) -> dict[str, Any]:
        """What does not differ from one telling to another."""
        hers = {*self.known["slices"], *(each["id"] for each in self.known["held"])}
        told = [self.dpo.get(f"/holdings/{each}") for each in hers]
        requests = {kind: self.dpo.get(f"/requests/{self.known[kind]}") for kind in ("access", "erasure")}
        with closing(sqlite3.connect(self.crm)) as crm:
            rows = crm.execute("SELECT number, phone, email FROM customers ORDER BY id").fetchall()
        return {
            "recordings": self.known["recordings"],
            "told": self.known["told"],
            "holdings": Counter((each["kind"], each["readable"], each["disposed_at"] is not None) for each in told),
            "steps": {kind: [step["step"] for step in each["steps"]] for kind, each in requests.items()},
            "outcomes": {kind: each["outcome"] for kind, each in requests.items()},
            "elsewhere": [self.known["elsewhere while held"], self._elsewhere()],
            "recipients": [(each["name"], each["answer"]) for each in self._erasure()["recipients"]],
            "crm": rows,
            "share": self.share.read_text().splitlines(),
            "files": [name for name in self.deployment.kept_files() if any(each in str(name) for each in hers)],
            "known": self.dpo.get("/subjects", tel=ADA_TEL)["items"],
            "drill": self.known["drill"],
            "aside": [each.name for each in (self.deployment.data / "drill").iterdir() if each.is_dir()],
            "certificates": [self.known[each] for each in ("certified", "certified longer", "whole", "after the turn")],
            "epochs": self._epochs(),
            "open procedures": self.dpo.get("/procedures")["items"],
        }

    # -- what is at hand

    @property
    def dpo(self) -> Any:
        return self.deployment.dpo

    @property
    def crm(self) -> Path:
        return self.folder / "crm.db"

    @property
    def share(self) -> Path:
        return self.folder / "share" / "customers.csv"

    def _until(self, ask: Any, what: str) -> Any:
        def checked() -> Any:
            self.kills.check()
            return patiently(ask, PATIENCE)

        return eventually(checked, PATIENCE, what)

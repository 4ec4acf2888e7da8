"""House rules as somebody writes them in a page: one file of them, and situations to it, upon all that there are.

What is written takes the place of the file, or situation, of that name; one that is left empty goes; all others stay. So a draft
is whole, as it has to be, and only what changes is written. It can begin with a draft, to be written on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.clock import day_of
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import MOST_ROWS, Filled, Sent, Wrongs
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.errors import Malformed
from rightcall.ids import AdoptionId, DraftId
from rightcall.policy import adopting
from rightcall.policy.adoption.model import RuleChange
from rightcall.policy.in_force import in_force
from rightcall.policy.loading import check as faults_of
from rightcall.policy.loading import law_of, read_house
from rightcall.policy.model import Act, Axis, Finding
from rightcall.policy.texts import Proposal, Text
from rightcall.policy.vocabulary import facts_in, kinds, values_of
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/rules")
Beginning = Annotated[Inside, Depends(inside(Deed.DRAFT_RULES))]
Drafting = Annotated[Inside, Depends(sending(Deed.DRAFT_RULES))]
SITUATIONS = "situation"
_ROW = ("file", "text")
_MOST_FAULTS = 50
_ADOPTED = (
    "Other rules were adopted since you opened this. What you wrote is kept: hold it against what is in force now, and go on."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a draft is written upon: all texts there are, and the newest adoption, None before the first."""

    proposal: Proposal
    newest: AdoptionId | None

    @property
    def upon(self) -> str:
        return str(self.newest or "deployment")

    def text_of(self, file: str) -> str:
        """Empty where there is none of that name."""
        texts = (*self.proposal.files, *self.proposal.scenarios)
        return next((each.text for each in texts if each.file == file), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A finding, beside the line that it is about; `line` is empty where that is none."""

    finding: Finding
    field: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InOrder:
    """Nothing is wrong with it. `changes`: from what was adopted last."""

    rules: int
    situations: int
    changes: Sequence[RuleChange]


@router.get("/new")
def begin(
    request: Request,
    who: Beginning,
    file: Annotated[str, Query(max_length=200)] = "",
    like: Annotated[str, Query(max_length=200)] = "",
    draft: Annotated[UUID | None, Query()] = None,
) -> HTMLResponse:
    """A new file, or one that there is; `like`: with the words of a rule, to be changed; `draft`: upon that one."""
    house = who.house

    def deed(tx: Transaction) -> tuple[Ground, str]:
        rules = in_force(tx, house.clock, house.rules).rules.rules
        return _ground(tx, who, draft), next((each.source for each in rules if each.id == like and each.axis is Axis.HOUSE), "")

    ground, source = who.run(deed)
    text = ground.text_of(file) if file else source
    given = {"file": file, "text": text, "draft": "" if draft is None else str(draft), f"{SITUATIONS}.1.file": ""}
    return _form(request, who, Filled({name: (said,) for name, said in given.items()}), ground)


@router.post("/check")
def check(request: Request, who: Drafting, given: Sent) -> HTMLResponse:
    """What is wrong with it, or what it changes. Nothing is kept. Where one more row is asked for, that: empty, or with a
    situation that there is."""
    ground = who.run(lambda tx: _ground(tx, who, _draft(given)))
    if given.one("more"):
        opened = given.one("open") if given.one("more") == "open" else ""
        return _form(request, who, given.one_more(SITUATIONS, {"file": opened, "text": ground.text_of(opened)}), ground)
    wrongs = Wrongs()
    proposal = _proposal(ground, given, wrongs)
    found = [] if wrongs else faults_of(proposal, law_of(who.house.rules))
    faults = _tell(given, found, wrongs)
    in_order = None if wrongs else who.run(lambda tx: _in_order(tx, who, proposal))
    return _form(request, who, given, ground, wrongs, faults, in_order)


@router.post("/drafts")
def draft(request: Request, who: Drafting, given: Sent) -> Response:
    """Kept as a draft, to be tried, replayed and signed; or the form again, where something has to be mended."""
    house, wrongs = who.house, Wrongs()
    ground = who.run(lambda tx: _ground(tx, who, _draft(given)))
    if given.one("upon") != ground.upon:
        wrongs["file"] = _ADOPTED
    first = wrongs.reading("in_force_from", lambda: _first_day(who, given))
    proposal = _proposal(ground, given, wrongs)
    if wrongs:
        return _form(request, who, given, ground, wrongs)

    def deed(tx: Transaction) -> DraftId:
        return adopting.draft_rules(tx, house.clock, house.rules, proposal, by=who.actor, in_force_from=first).id

    try:
        return onwards(f"/console/rules/drafts/{who.run(deed)}")
    except Malformed:
        faults = _tell(given, faults_of(proposal, law_of(house.rules)), wrongs)
        return _form(request, who, given, ground, wrongs, faults)


def _ground(tx: Transaction, who: Inside, draft: UUID | None) -> Ground:
    newest = next((each.id for each in adopting.adoptions(tx)), None)
    if draft is not None:
        return Ground(proposal=adopting.get(tx, DraftId(draft)).proposal, newest=newest)
    return Ground(proposal=adopting.older(tx, newest, who.house.settings.rules), newest=newest)


def _draft(given: Filled) -> UUID | None:
    said = given.one("draft")
    try:
        return UUID(said) if said else None
    except ValueError:
        raise Malformed("The draft to go on with is not named as one. Go back to its page, and begin there.") from None


def _proposal(ground: Ground, given: Filled, wrongs: Wrongs) -> Proposal:
    """All that there would be, with what was written in its place."""
    files = {each.file: each for each in ground.proposal.files}
    situations = {each.file: each for each in ground.proposal.scenarios}
    _place(files, given.one("file").strip(), given.one("text"), ".cedar", ("file", "text"), wrongs)
    for nth in given.kept(SITUATIONS, _ROW):
        at = f"{SITUATIONS}.{nth}"
        _place(
            situations, given.one(f"{at}.file").strip(), given.one(f"{at}.text"), ".toml", (f"{at}.file", f"{at}.text"), wrongs
        )
    return Proposal(files=tuple(files.values()), scenarios=tuple(situations.values()))


def _place(texts: dict[str, Text], file: str, text: str, ending: str, at: tuple[str, str], wrongs: Wrongs) -> None:
    """Instead of what is there of that name; out of it where nothing is written."""
    if not file.endswith(ending) or file == ending:
        wrongs.setdefault(at[0], f"Name the file: letters, digits, dots, _ and -, and it ends in {ending}.")
    elif text.strip():
        texts[file] = Text(file=file, text=text)
    elif texts.pop(file, None) is None:
        wrongs.setdefault(at[1], "Nothing is written here, and there is no file of this name that could be taken out.")


def _tell(given: Filled, found: Sequence[Finding], wrongs: Wrongs) -> list[Fault]:
    """Each finding at the field that it is in; of one in another file, at the name of this one."""
    fields = {given.one("file").strip(): "text"}
    for nth in given.kept(SITUATIONS, _ROW):
        fields[given.one(f"{SITUATIONS}.{nth}.file").strip()] = f"{SITUATIONS}.{nth}.text"
    faults = []
    for each in found[:_MOST_FAULTS]:
        field = fields.get(each.file, "file")
        says = f"Line {each.line}: {each.problem} {each.advice}" if each.file in fields else str(each)
        wrongs[field] = f"{wrongs[field]}\n{says}" if field in wrongs else says
        faults.append(Fault(finding=each, field=field, line=_line(given.one(field), each.line) if each.file in fields else ""))
    return faults


def _line(text: str, number: int) -> str:
    written = text.split("\n")
    return written[number - 1].strip() if 0 < number <= len(written) else ""


def _in_order(tx: Transaction, who: Inside, proposal: Proposal) -> InOrder:
    house, _ = read_house(proposal.files)
    changes = adopting.would_change(tx, who.house.rules, proposal)
    return InOrder(rules=len(house), situations=len(proposal.scenarios), changes=changes)


def _first_day(who: Inside, given: Filled) -> date | None:
    said = given.one("in_force_from").strip()
    if not said:
        return None
    try:
        first = date.fromisoformat(said)
    except ValueError:
        raise Malformed("Write the day as year-month-day, such as 2027-05-01; or leave it empty for at once.") from None
    adopting.check_first_day(day_of(who.house.clock.now()), first)
    return first


def _form(
    request: Request,
    who: Inside,
    given: Filled,
    ground: Ground,
    wrongs: Wrongs | None = None,
    faults: Sequence[Fault] = (),
    in_order: InOrder | None = None,
) -> HTMLResponse:
    found = wrongs or Wrongs()
    names = {"file": "The file", "text": "The rules", "in_force_from": "The first day"}
    names |= {f"{SITUATIONS}.{nth}.{part}": f"Situation {nth + 1}" for nth in range(given.rows(SITUATIONS)) for part in _ROW}
    shown = {
        "names": names,
        "given": given,
        "ground": ground,
        "wrongs": found,
        "faults": faults,
        "in_order": in_order,
        "part": SITUATIONS,
    }
    answer = page(request, "rule-written", who, **shown, **_WORDS, most_rows=MOST_ROWS)
    return html(answer, status=422 if found else 200)


_WORDS: Mapping[str, object] = {
    "acts": [(act.value, list(facts_in(act).items())) for act in sorted(Act)],
    "enumerations": [(kind, values_of(kind)) for kind in kinds()],
}

"""`rightcall links`: whose records in other systems are; what is doubtful waits here for a person's word."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from rightcall.api.named import purpose_of
from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk, let_in
from rightcall.cli.exits import answer_no
from rightcall.cli.given import read_id
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.relinking import link_all, map_all, propose_all, tell
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.verdicts import told
from rightcall.cli.why import check_why, not_given
from rightcall.cli.words import printable, words
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.decisions.deeds import DecideAlike, DecideOne
from rightcall.discovery.decisions.model import Alike, Asked, Decision, First
from rightcall.discovery.decisions.over import why_over
from rightcall.discovery.decisions.states import WAITING
from rightcall.discovery.joins import actions as proposals
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import FoundThere, Link, LinkReason, LinkState
from rightcall.discovery.linking.wording import says
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.discovery.vcons.sent import source_of
from rightcall.errors import Malformed
from rightcall.holdings import saying
from rightcall.ids import LinkId, SubjectId
from rightcall.later import later
from rightcall.recordings.beside import NOT_SHOWN, Shown, Value, hinted, look, permit
from rightcall.recordings.using import Answered
from rightcall.staff.model import Deed

_compared = later("rightcall.api.links:compare_link")
_link = later("rightcall.api.links:get_link")
_waiting_shapes = later("rightcall.api.links:list_waiting")
_links = later("rightcall.api.links:list_links")

_Listed = tuple[tuple[str, ...], list[tuple[object, ...]], str]
"""The heads of a table, its rows, and what sums it up."""

app = Commands(no_args_is_help=True, help="Whose records in other systems are; doubtful ones wait for your word.")
LinkArgument = Annotated[str, typer.Argument(help="The link's id. `rightcall links list` prints them.")]
AlikeOption = Annotated[bool, typer.Option("--alike", help="And all that wait on the same person and say the same.")]
EveryoneOption = Annotated[
    bool, typer.Option("--everyone", help="And all that say the same, whoever they wait on, each on one person alone.")
]
MostOption = Annotated[int, typer.Option(min=1, max=decisions.MOST_AT_ONCE, help="With --everyone: the likeliest so many.")]
PreviewOption = Annotated[bool, typer.Option("--preview", help="With --everyone: say what would be decided, and decide nothing.")]
ReasonOption = Annotated[LinkReason, typer.Option(help="Why.")]
_MOST, _MOST_PEOPLE = 500, 50
_TOGETHER = """
Decide all that say the same at once: `rightcall links accept LINK --alike` (or `refuse`) for one person, with --everyone for all,
first with --preview, which decides nothing. An e-mail address alone is another's about three times in a hundred."""


@app.command()
def run(token: TokenOption, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Look again at linked records in which something new was found, link every record that is nobody's, as is done after each
    scan, and say what became of them."""
    with let_in(data, token, controller, Deed.DECIDE_LINK) as (house, who):
        with words().status("Looking at records…") as status:
            tally = link_all(house, who.controller, status.update)
            status.update("Putting what is somebody's on the data map…")
            map_all(house, who.controller)
            status.update("Comparing subjects that may be one person…")
            waiting = propose_all(house, who.controller)
        tell(tally)
        words().print(f"{waiting:,} proposals to join two subjects wait: `rightcall joins list`.")


@app.command("list")
def list_links(
    token: TokenOption,
    state: Annotated[LinkState, typer.Option(help="Which links.")] = LinkState.DOUBTFUL,
    of: Annotated[str | None, typer.Option(help="Each single one that is about this subject, by id.")] = None,
    first: Annotated[First, typer.Option(help="Whom to begin with.")] = First.LIKELIEST,
    least: Annotated[float, typer.Option(min=0.0, max=1.0, help="Only what waits with at least this score.")] = 0.0,
    system: Annotated[str | None, typer.Option(help="Only records of this system, by its name.")] = None,
    after: Annotated[str | None, typer.Option(help="Go on behind this subject, the last that was printed.")] = None,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print what waits for a word, by person and by sort of doubt, the likeliest first. With --of or another --state: single
    links, the oldest first."""
    if as_json:
        if of is not None or state is not LinkState.DOUBTFUL:
            _only_of_what_waits(first, least, system, after)
        answer_signed(
            lambda door: _shapes(door, state, of, (first, least, system, after)), Deed.SEE_LINKS, token, controller, data
        )
        return
    with desk(data, token, controller, Deed.SEE_LINKS) as at:
        if of is None and state is LinkState.DOUBTFUL:
            asked = Asked(first=first, least=least, system=None if system is None else systems.get(at.tx, system).id)
            heads, rows, summary = _waiting(at.tx, asked, None if after is None else _subject(after))
        else:
            _only_of_what_waits(first, least, system, after)
            heads, rows, summary = _single(at.tx, state, None if of is None else _subject(of))
    print_table(heads, rows)
    words().print(summary)


def _shapes(door: Any, state: LinkState, of: str | None, asked: tuple[First, float, str | None, str | None]) -> Any:
    if of is None and state is LinkState.DOUBTFUL:
        first, least, system, after = asked
        return _waiting_shapes(door, first, least, system, None if after is None else _subject(after), _MOST_PEOPLE)
    return _links(door, state, None if of is None else _subject(of), None, _MOST)


def _only_of_what_waits(first: First, least: float, system: str | None, after: str | None) -> None:
    given = {
        "--first": first is not First.LIKELIEST,
        "--least": least > 0,
        "--system": system is not None,
        "--after": after is not None,
    }
    if named := [option for option, is_given in given.items() if is_given]:
        raise Malformed(
            f"{' and '.join(named)} sort what waits for a word. Leave out --of and --state, or {' and '.join(named)}."
        )


def _waiting(tx: Transaction, asked: Asked, after: SubjectId | None) -> _Listed:
    """A row for each sort of doubt; of a person that has several, the first says how many records wait in all."""
    people, rows = decisions.waiting(tx, asked, after=after, limit=_MOST_PEOPLE), list[tuple[object, ...]]()
    for each in people:
        rows += [
            (
                each.subject,
                "" if number else f"{each.records:,}",
                f"{sort.records:,}",
                f"{sort.score:.4f}",
                f"{_undone(sort)}{'; '.join(says(sort.compared))}",
                sort.example,
            )
            for number, sort in enumerate(each.sorts)
        ]
    waiting, of = decisions.count_waiting(tx, asked)
    more = f" Go on with --after {people[-1].subject}." if len(people) == _MOST_PEOPLE else ""
    told = "1 record waits" if waiting == 1 else f"{waiting:,} records wait"
    heads = ("Subject", "Wait", "Alike", "Score", "Why", "Link")
    return heads, rows, f"{told} on {of:,} people, {len(people):,} of them printed.{more}{_TOGETHER if people else ''}"


def _undone(sort: Alike) -> str:
    return "undone by a person; " if sort.state is LinkState.UNDONE else ""


def _why(each: Link) -> str:
    return "; ".join(says(each.compared)) or "the first of its person"


def _single(tx: Transaction, state: LinkState, subject: SubjectId | None) -> _Listed:
    found = linking.page_of_links(tx, state=state, subject=subject, limit=_MOST)
    rows: list[tuple[object, ...]] = [(each.subject, f"{each.score:.4f}", _why(each), each.id) for each in found]
    of_all = f" of {linking.count_links(tx).get(state, 0):,}" if subject is None else ""
    return ("Subject", "Score", "Why", "Link"), rows, f"{len(found):,}{of_all} that are {state} are printed."


@app.command()
def show(
    token: TokenOption,
    link: LinkArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print what speaks for and against a link, and what was found in its record. Never the values."""
    if as_json:
        answer_signed(lambda door: _link(door, _id(link)), Deed.SEE_LINKS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_LINKS) as at:
        found = linking.get(at.tx, _id(link))
        findings, history, over = linking.findings_of(at.tx, found), decisions.history(at.tx, found.id), why_over(at.tx, found)
    print(
        f"{found.state}: record {found.record} of system {found.system} is about subject {found.subject} with {found.score:.4f}"
    )
    for line in says(found.compared):
        print(f"  {line}")
    if over is not None:
        print(f"  {over}")
    for each in findings:
        print(f"  found: {_found(each)}")
    if others := sum(each.of_others for each in findings):
        print(f"  {others:,} of these tell who other people are that are known here: look before you accept")
    for step in history:
        print(f"  {_decided(step)}")


def _found(found: FoundThere) -> str:
    where = found.type if found.field is None else f"{found.type} in {found.field}"
    where = f"{where}, of somebody else" if found.of_others else where
    if not found.came_later:
        return where
    return f"{where}, later: {'in a record that is linked' if found.is_theirs else 'nobody that is known has it'}"


def _decided(step: Decision) -> str:
    return f"{step.at:%Y-%m-%d %H:%M}: {step.was}, then {step.now}, by {saying.ROLES[step.by.role]}: {step.reason}"


@app.command()
def compare(
    token: TokenOption,
    link: LinkArgument,
    purpose: Annotated[str, typer.Option(help="For which purpose you look: an id or a key. The verdict is asked.")],
    reason: Annotated[str | None, typer.Option(help="Why, in at least two words. Kept nowhere.")] = None,
    case: Annotated[str | None, typer.Option(help="The reference of the case that it is for. Kept nowhere.")] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Whole values. Else most of each is covered.")] = False,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print the values of the record in doubt beside those of whom it may be about, read where they lie. That you looked is
    logged. Ends with 1 where the verdict is no."""
    if as_json:

        def compared(door: Any) -> Any:
            door.run(lambda tx: check_why(tx, door.house, purpose_of(tx, purpose), reason, case))
            return _compared(door, _id(link), purpose, reason, case, reveal)

        answer_signed(compared, Deed.COMPARE_LINK, token, controller, data)
        return
    with let_in(data, token, controller, Deed.COMPARE_LINK) as (house, who):
        with house.database.transaction(who.controller) as tx:
            named = purpose_of(tx, purpose)
            check_why(tx, house, named, reason, case)
            may = permit(tx, house.tools, _id(link), purpose=named, by=who.actor, reason=reason, case=case)
            names = system_names(tx)
        if isinstance(may, Answered):
            print("\n".join([*told(may.verdict, (), None), *(f"  {each}" for each in not_given(reason, case))]))
            raise answer_no()
        opens = partial(source_of, house.database, house.vault, who.controller, house.open_system)
        found = look(opens, may)
    _show_record("In doubt", found.in_doubt, names, reveal)
    for each in found.theirs:
        _show_record("Of the person", each, names, reveal)
    if found.left_out:
        words().print(f"{found.left_out:,} more records of the person are not shown.")


def _show_record(whose: str, shown: Shown, names: SystemNames, reveal: bool) -> None:
    where = "known here by" if shown.system is None else f"{names[shown.system]}, record {shown.record}"
    print(f"{whose}: {where}")
    for each in shown.values:
        place = each.type if each.field is None else f"{each.type} in {each.field}"
        print(f"  {place}: {_shown(each, reveal)}")


def _shown(value: Value, reveal: bool) -> str:
    if value.value is None:
        return "not shown" if value.not_shown is None else f"not shown: {NOT_SHOWN[value.not_shown]}"
    return printable(value.value.reveal("show whoever decides whose it is") if reveal else hinted(value.value))


@app.command()
def accept(
    token: TokenOption,
    link: LinkArgument,
    reason: ReasonOption,
    alike: AlikeOption = False,
    everyone: EveryoneOption = False,
    most: MostOption = decisions.MOST_AT_ONCE,
    preview: PreviewOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """The record is about the subject, whatever was said before."""
    if everyone:
        deed = partial(proposals.accept_links_of_everyone, most=most)
        _decide_of_everyone(deed, link, reason, (data, token, controller), accepting=True, preview=preview, most=most)
    elif alike:
        _decide_alike(proposals.accept_links_alike, link, reason, (data, token, controller))
    else:
        _decide(proposals.accept_link, link, reason, (data, token, controller))


@app.command()
def refuse(
    token: TokenOption,
    link: LinkArgument,
    reason: ReasonOption,
    alike: AlikeOption = False,
    everyone: EveryoneOption = False,
    most: MostOption = decisions.MOST_AT_ONCE,
    preview: PreviewOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """The record is not about the subject. It is not proposed again as long as it says the same."""
    if everyone:
        deed = partial(decisions.refuse_of_everyone, most=most)
        _decide_of_everyone(deed, link, reason, (data, token, controller), accepting=False, preview=preview, most=most)
    elif alike:
        _decide_alike(decisions.refuse_alike, link, reason, (data, token, controller))
    else:
        _decide(decisions.refuse, link, reason, (data, token, controller))


@app.command()
def undo(
    token: TokenOption,
    link: LinkArgument,
    reason: ReasonOption,
    alike: Annotated[bool, typer.Option("--alike", help="And all that stand on the same person so and say the same.")] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """A link that stands was wrong: what was found leaves the person at once, and the record waits for a word again."""
    if alike:
        _decide_alike(decisions.undo_alike, link, reason, (data, token, controller))
    else:
        _decide(decisions.undo, link, reason, (data, token, controller))


@app.command()
def reopen(
    token: TokenOption, link: LinkArgument, reason: ReasonOption, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """A refusal is taken back: it waits for a word again."""
    _decide(decisions.reopen, link, reason, (data, token, controller))


def _decide(deed: DecideOne, link: str, reason: LinkReason, place: tuple[Path | None, str, str | None]) -> None:
    data, token, controller = place
    with desk(data, token, controller, Deed.DECIDE_LINK) as at:
        done = deed(at.tx, at.house.vault, at.house.clock, _id(link), reason=reason, by=at.who.actor)
    waits = " Its record waits for a word again." if done.state in WAITING else ""
    words().print(f"The link is {done.state}.{waits}")


def _decide_of_everyone(
    deed: DecideAlike,
    link: str,
    reason: LinkReason,
    place: tuple[Path | None, str, str | None],
    *,
    accepting: bool,
    preview: bool,
    most: int,
) -> None:
    """What would be decided is always told; it is decided unless that is all that was asked for."""
    data, token, controller = place
    with desk(data, token, controller, Deed.DECIDE_LINK) as at:
        found = decisions.alike_of_everyone(at.tx, _id(link), accepting=accepting)
        done = [] if preview else deed(at.tx, at.house.vault, at.house.clock, _id(link), reason=reason, by=at.who.actor)
    print(
        f"{found.records:,} records wait so on {found.people:,} people, each on one alone, from {found.lowest:.4f} to"
        f" {found.highest:.4f}."
    )
    if preview:
        words().print(f"Nothing is decided. Without --preview the likeliest {min(most, found.records):,} are.")
    else:
        words().print(f"{len(done):,} links are decided, each by itself; {found.records - len(done):,} are left.")


def _decide_alike(deed: DecideAlike, link: str, reason: LinkReason, place: tuple[Path | None, str, str | None]) -> None:
    data, token, controller = place
    with desk(data, token, controller, Deed.DECIDE_LINK) as at:
        done = deed(at.tx, at.house.vault, at.house.clock, _id(link), reason=reason, by=at.who.actor)
    words().print(f"{len(done):,} links are decided, each by itself. At most {decisions.MOST_AT_ONCE:,} at once.")


def _subject(text: str) -> SubjectId:
    return SubjectId(read_id(text, "`rightcall links list` prints those of subjects."))


def _id(text: str) -> LinkId:
    return LinkId(read_id(text, "`rightcall links list` prints those of links."))

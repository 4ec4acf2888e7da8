"""`rightcall joins`: subjects that may be one person wait here for the DPO's word; a join that was wrong is undone."""

from typing import Annotated

import typer

from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk
from rightcall.cli.given import read_id
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words
from rightcall.discovery.joins import actions as proposals
from rightcall.discovery.joins import doubt
from rightcall.discovery.joins.model import JoinProposal, ProposalState
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkReason
from rightcall.discovery.linking.wording import says
from rightcall.ids import JoinProposalId, StatementId
from rightcall.later import later
from rightcall.requests import carried
from rightcall.staff.model import Deed
from rightcall.subjects.model import JoinReason

_proposals = later("rightcall.api.joins:list_proposals")

app = Commands(no_args_is_help=True, help="Subjects that may be one person wait for your word.")
ProposalArgument = Annotated[str, typer.Argument(help="The proposal's id. `rightcall joins list` prints them.")]
_MOST = 500
_HELD = "; what one of them wants of the use of their data counts for both until this is decided"


@app.command("list")
def list_proposals(
    token: TokenOption,
    state: Annotated[ProposalState, typer.Option(help="Which proposals.")] = ProposalState.WAITING,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print proposals, the oldest first: those that wait for a word, unless --state says otherwise."""
    if as_json:
        answer_signed(lambda door: _proposals(door, state, None, _MOST), Deed.SEE_LINKS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_LINKS) as at:
        found = proposals.page(at.tx, state=state, after=None, limit=_MOST)
        held = doubt.held_by(at.tx, found)
    rows = [
        (f"{each.score:.4f}", each.subject, each.other, _why(each, is_held=each.id in held), each.join, each.id) for each in found
    ]
    print_table(("Score", "Subject", "May be", "Why", "Join", "Proposal"), rows)
    words().print(f"{len(found):,} are {state}." if len(found) < _MOST else f"The first {_MOST:,} that are {state}.")


def _why(each: JoinProposal, *, is_held: bool) -> str:
    kept = "; neither can sign in by a code until this is decided" if each.keeps_out else ""
    return f"{'; '.join(says(each.compared))}{kept}{_HELD if is_held else ''}"


@app.command()
def accept(
    token: TokenOption,
    proposal: ProposalArgument,
    reason: Annotated[JoinReason, typer.Option(help="Why.")] = JoinReason.LINKS_AGREE,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """They are one person. Nothing moves, so it can be undone exactly; erasing one erases both."""
    with desk(data, token, controller, Deed.JOIN_SUBJECT) as at:
        done = proposals.accept(at.tx, at.house.vault, at.house.clock, _id(proposal), reason=reason, by=at.who.actor)
    _tell(done)


@app.command()
def refuse(
    token: TokenOption,
    proposal: ProposalArgument,
    reason: Annotated[LinkReason, typer.Option(help="Why.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """They are two people. Not proposed again as long as both say the same."""
    with desk(data, token, controller, Deed.JOIN_SUBJECT) as at:
        done = proposals.refuse(at.tx, at.house.vault, at.house.clock, _id(proposal), reason=reason, by=at.who.actor)
    _tell(done)


@app.command()
def undo(
    token: TokenOption,
    join: Annotated[str, typer.Argument(help="The join's id. `rightcall joins list --state accepted` prints them.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """They are two people again, each with what it had and what came to it since."""
    with desk(data, token, controller, Deed.JOIN_SUBJECT) as at:
        undone = proposals.undo(at.tx, at.house.clock, StatementId(_id(join)), by=at.who.actor)
        links = linking.page_of_links(at.tx, subject=undone.into, after=proposals.first_link_of(undone.joined_at), limit=_MOST)
        left = carried.carried_by(at.tx, undone)
    for each in links:
        print(f"linked to {undone.into} while they were one: {each.id}")
    for subject, limits in left.items():
        print(f"not used, though no request of theirs says so: {subject}  {', '.join(limits)}")
    words().print("They are two people again. Look at what was linked meanwhile: it stays where it is until you undo that link.")
    if left:
        words().print("Whose wish it is that their data is not used, say where you know it: `rightcall requests not-theirs`.")


def _tell(done: JoinProposal) -> None:
    if done.join is not None:
        print(done.join)
    words().print(f"The proposal is {done.state}.")


def _id(text: str) -> JoinProposalId:
    return JoinProposalId(read_id(text, "`rightcall joins list` prints those there are."))

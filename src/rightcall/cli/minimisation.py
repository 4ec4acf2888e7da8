"""`rightcall minimisation`: what purposes really read, what nobody reads, and what could be kept less."""

from pathlib import Path
from typing import Annotated

import typer

from rightcall.api.minimisation import document
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk
from rightcall.cli.given import read_id
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, ObjectOption, controller_of
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words, write_file
from rightcall.database.connection import Transaction
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.errors import NotFound
from rightcall.ethics.minimisation import actions
from rightcall.ethics.minimisation.drawing import plot as drawn
from rightcall.ethics.minimisation.model import Figures, Proposal, Rejection, State, UnusedAccess
from rightcall.ethics.minimisation.page import page
from rightcall.ethics.minimisation.saying import STATES, proposal_says, term_says, unread_says
from rightcall.holdings.uses.saying import often
from rightcall.ids import ProposalId, PurposeId
from rightcall.settings import load_settings
from rightcall.staff.model import Deed
from rightcall.worker.lookers import uses_looker_of

app = Commands(help="What purposes really read, what nobody reads, and what could be kept less.")
ProposalArgument = Annotated[str, typer.Argument(help="The proposal's id, as `rightcall minimisation` prints it.")]


@app.callback(invoke_without_command=True)
def minimisation(
    context: typer.Context,
    purpose: Annotated[str | None, typer.Option(help="Only this purpose: an id or a key.")] = None,
    look: Annotated[bool, typer.Option("--look", help="First look at the log of uses as it is now, and propose.")] = False,
    as_json: ObjectOption = False,
    html: Annotated[Path | None, typer.Option(help="Write the pictures with their tables into this file.")] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show what each purpose really reads and how old it is then, what nobody reads, and what is proposed."""
    if context.invoked_subcommand is not None:
        return
    settings = load_settings(data=data)
    with house_of(settings) as house:
        owner = controller_of(house.database, controller).id
        if look:
            looked = uses_looker_of(house).look(owner)
            words().print(f"Looked at {looked} purposes.")
        with house.database.transaction(owner) as tx:
            keys, found, proposals = keys_of(tx), _figures(tx, purpose), actions.proposals(tx)
            access = actions.unused_access(tx, house.clock, unread_days=settings.minimisation_unread_days)
            looked_at, systems = actions.last_looked_at(tx), system_names(tx)
    if html is not None:
        write_file(html, page(found, proposals, keys, systems))
    if as_json:
        print(document(found, proposals, access, keys, looked_at).model_dump_json(indent=2))
    else:
        _show(
            found,
            [each for each in proposals if purpose is None or each.what.purpose in {one.purpose for one in found}],
            access,
            keys,
            systems,
        )


@app.command()
def plot(
    purpose: Annotated[str, typer.Argument(help="The purpose: an id or a key.")],
    file: Annotated[Path, typer.Argument(help="The SVG file to write.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Draw one purpose's term: uses by age, and what would be read after each shorter term."""
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        with house.database.transaction(owner) as tx:
            found, keys = _figures(tx, purpose), keys_of(tx)
    if not found:
        raise NotFound("No look has been made at this purpose yet. Make one: rightcall minimisation --look.")
    write_file(file, drawn(found[0], keys[found[0].purpose]))
    print(f"Drawn into {file}.")


@app.command()
def accept(token: TokenOption, proposal: ProposalArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Accept a proposal: the next version of the purpose's review is written, to be signed. Its id is the last line."""
    with desk(data, token, controller, Deed.ANSWER_PROPOSAL) as at:
        found, review = actions.accept(at.tx, at.house.clock, at.house.rules, _id(proposal), by=at.who.actor)
    words().print(f"{proposal_says(found.what)}\nTo be signed by people in two roles: rightcall review sign. The review's id:")
    print(review.id)


@app.command()
def reject(
    token: TokenOption,
    proposal: ProposalArgument,
    reason: Annotated[str, typer.Option(prompt="Why", help="Why it is not followed. Kept with it. Asked for if left out.")],
    why: Annotated[Rejection, typer.Option(help="What sort of reason that is. It stands in the ledger.")] = Rejection.OTHER,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Reject a proposal, for a reason that is kept with it."""
    with desk(data, token, controller, Deed.ANSWER_PROPOSAL) as at:
        found = actions.reject(at.tx, at.house.clock, _id(proposal), why, reason, by=at.who.actor)
    print(f"Rejected: {proposal_says(found.what)}")


def _show(found: list[Figures], proposals: list[Proposal], access: list[UnusedAccess], keys: Keys, systems: SystemNames) -> None:
    if not found:
        print("No look has been made yet: rightcall minimisation --look.")
    for figures in found:
        _show_purpose(figures, keys[figures.purpose], systems)
    for each in access:
        print(f"\nTokens of the role {each.role}: {each.never_used} of {each.tokens} read nothing.")
    waiting = [each for each in proposals if each.state in (State.OPEN, State.IN_REVIEW)]
    for proposal in waiting:
        print(f"\n{keys[proposal.what.purpose]}: {proposal_says(proposal.what)}\n  {STATES[proposal.state]}: {proposal.id}")


def _show_purpose(figures: Figures, key: str, systems: SystemNames) -> None:
    print(f"\n{key}\n  {term_says(figures.term)}")
    print("  " + ", ".join(f"{ground.value.replace('_', ' ')} {count:,}" for ground, count in figures.uses.items()) + " uses")
    for field in figures.fields:
        print(f"    {field.field:30} read {often(field.uses)}, last on {field.last_at:%Y-%m-%d}")
    for line in unread_says(figures, systems):
        print(f"  {line}")
    if figures.never:
        print(f"  never used it: {', '.join(figures.never)}")


def _figures(tx: Transaction, purpose: str | None) -> list[Figures]:
    only: PurposeId | None = None if purpose is None else purpose_of(tx, purpose)
    return [each for each in actions.figures(tx) if only is None or each.purpose == only]


def _id(given: str) -> ProposalId:
    return ProposalId(read_id(given, "`rightcall minimisation` prints those of proposals."))

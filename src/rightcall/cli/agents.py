"""Authorised agents of people (Data Rights Protocol): the part of `rightcall requests` that says whom to trust."""

from typing import Annotated
from uuid import UUID

import typer

from rightcall.cli.answering import answer_signed
from rightcall.cli.desk import desk
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words
from rightcall.later import later
from rightcall.requests.drp import actions as drp
from rightcall.requests.drp import calling_back
from rightcall.requests.drp.model import AgentId
from rightcall.staff.model import Deed

_agents = later("rightcall.api.drp:list_agents")


def add(
    token: TokenOption,
    name: Annotated[str, typer.Argument(help="The agent's `agent-id`, as in the service directory.")],
    business: Annotated[str, typer.Option(help="Our `business-id` towards it.")],
    key: Annotated[str, typer.Option(help="Its Ed25519 public key in base64 (`verify_key`).")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Trust an authorised agent: it may ask for people, and what it asks waits for a mandate and a proof. Its id is the last
    line."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        made = drp.add_agent(at.tx, at.house.clock, name=name, business=business, key=key)
    words().print("It may set up a token with us now, by its key.")
    print(made.id)


def list_agents(
    token: TokenOption, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Print the agents that are or were trusted, one a line."""
    if as_json:
        answer_signed(_agents, Deed.SEE_REQUESTS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_REQUESTS) as at:
        found, untold = drp.agents(at.tx), {each.agent: each for each in calling_back.untold(at.tx)}
    for each in found:
        state = "trusted" if each.retired_at is None else f"until {each.retired_at:%Y-%m-%d}"
        failed = untold.get(each.id)
        why = "" if failed is None else f"  NOT TOLD of {failed.requests} since {failed.since:%Y-%m-%d}: {failed.trouble}"
        print(f"{each.id}  {each.name:<24}  {each.business:<24}  {state}{why}")


def retire(
    token: TokenOption,
    agent: Annotated[UUID, typer.Argument(help="The agent's id. `rightcall requests agents` prints it.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Trust an agent no longer. Its token opens nothing any more; what it asked before is answered all the same."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        drp.retire_agent(at.tx, at.house.clock, AgentId(agent))
    words().print("It is trusted no longer.")

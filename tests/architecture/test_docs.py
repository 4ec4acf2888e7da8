"""The documents say what is there: every setting, command, option, route, deed and folder has its place, and nothing else has."""

import re
from pathlib import Path

import pytest
import typer
from pydantic_core import PydanticUndefined

import rightcall
from rightcall.actors import Actor, Role
from rightcall.api.app import routes
from rightcall.cli.commands import COMMANDS
from rightcall.cli.main import app_of
from rightcall.errors import NotAllowed
from rightcall.holdings.holds.rules import check_second
from rightcall.ids import new_id
from rightcall.policy.loading import corpus
from rightcall.settings import Settings
from rightcall.staff.model import Deed
from rightcall.staff.rules import MAY, TOKEN_ROLES

PACKAGE = Path(rightcall.__file__).parent
DOCS = PACKAGE.parents[1] / "docs"
README = PACKAGE.parents[1] / "README.md"


def headings(page: str) -> list[str]:
    """What the headings of a page name in code letters."""
    return re.findall(r"^#+ `([^`]+)`", (DOCS / page).read_text(encoding="utf-8"), re.M)


def sections(page: str) -> dict[str, str]:
    """The text under each such heading."""
    parts = re.split(r"^#+ ", (DOCS / page).read_text(encoding="utf-8"), flags=re.M)
    found = (re.match(r"`([^`]+)`\n(.*)", part, re.S) for part in parts)
    return {match[1]: match[2] for match in found if match}


def typed(page: Path) -> list[str]:
    """What the blocks of a page call Rightcall with."""
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [match[1] for line in lines if (match := re.search(r"(?:^|\| |\$ |&& |\()(rightcall [a-z-][^#|>)]*)", line))]


def commands(*, secondary: bool = False) -> dict[str, list[str]]:
    """Every command that is shown, with its options. `secondary`: with those that say no to one, too."""
    found: dict[str, list[str]] = {}

    def walk(group: object, path: str) -> None:
        for name, command in getattr(group, "commands", {}).items():
            if command.hidden:
                continue
            if hasattr(command, "commands"):
                walk(command, f"{path} {name}")
            if not hasattr(command, "commands") or command.invoke_without_command:
                said_once = ("--help", "--json")
                words = [word for each in command.params for word in (*each.opts, *(each.secondary_opts if secondary else ()))]
                found[f"{path} {name}"] = [word for word in words if word[:2] == "--" and word not in said_once]

    walk(typer.main.get_command(app_of(COMMANDS)), "rightcall")
    return found


def test_every_setting_has_a_heading_and_its_default() -> None:
    told = sections("reference/settings.md")
    assert sorted(headings("reference/settings.md")) == sorted(f"RIGHTCALL_{name.upper()}" for name in Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default = field.default
        assert default is not PydanticUndefined
        shown = f"Default: `{default}`" if default not in (None, "") else "Default: none"
        assert told[f"RIGHTCALL_{name.upper()}"].startswith(shown), name


def test_every_command_has_a_heading_and_every_option_is_named() -> None:
    told = sections("reference/commands.md")
    there = commands()
    assert set(told) == set(there)
    for name, options in there.items():
        missing = [option for option in options if f"{option}`" not in told[name] and f"{option} " not in told[name]]
        assert missing == [], name


@pytest.mark.parametrize("page", [README, *sorted((DOCS / "howto").glob("*.md"))], ids=lambda page: page.stem)
def test_what_a_page_says_to_type_is_there(page: Path) -> None:
    """Of each line that calls Rightcall: its command, and the options that it gives."""
    there = {**commands(secondary=True), "rightcall": ["--install-completion"]}
    for line in typed(page):
        name = max((name for name in there if f"{line} ".startswith(f"{name} ")), key=len)
        given = {word.partition("=")[0] for word in line.split() if word.startswith("--")}
        assert name != "rightcall" or line.startswith("rightcall --"), line
        assert given - {"--help", "--json"} <= set(there[name]), line


def test_the_first_page_leads_to_every_how_to() -> None:
    linked = set(re.findall(r"\]\(docs/howto/([^)#]+)", README.read_text(encoding="utf-8")))
    assert {page.name for page in (DOCS / "howto").glob("*.md")} - linked == set()


def test_every_route_has_a_heading() -> None:
    paths = routes().openapi()["paths"]
    there = [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]
    assert sorted(headings("reference/api.md")) == sorted(there)


def test_the_table_of_deeds_is_the_one_that_is_used() -> None:
    page = (DOCS / "reference/api.md").read_text(encoding="utf-8").split("## Who may")[1]
    told = {deed: set(roles.split(", ")) for deed, roles in re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page, re.M)}
    told.pop("deed")
    assert told == {deed.value: {role.value for role in roles & TOKEN_ROLES} for deed, roles in MAY.items()}


def test_every_folder_is_on_the_map() -> None:
    page = (DOCS / "map.md").read_text(encoding="utf-8")
    rooms = re.findall(r"^\| `([a-z_]+)` \|", page, re.M)
    assert sorted(rooms) == sorted(folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists())


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_every_link_to_a_page_of_ours_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_who_may_agree_to_a_hold_is_said_alike() -> None:
    """By the manual, by what the refusal says, and by the role that each needs."""
    names = {role: "DPO" if role is Role.DPO else role.value for role in Role}
    section = (DOCS / "reference/commands.md").read_text(encoding="utf-8").split("## `rightcall hold agree`")[1].split("\n## ")[0]
    with pytest.raises(NotAllowed) as refused:
        check_second(Actor(id=new_id(), role=Role.DPO), Actor(id=new_id(), role=Role.DPO))
    for said in (section, str(refused.value).partition("agree:")[2]):
        assert {role for role, name in names.items() if name in said} == MAY[Deed.AGREE_TO_HOLDS]


def test_as_many_situations_come_with_it_as_the_pages_say() -> None:
    said = [
        found for page in DOCS.rglob("*.md") for found in re.findall(r"of ([\d,]+) situations", page.read_text(encoding="utf-8"))
    ]
    assert said
    assert {int(number.replace(",", "")) for number in said} == {len(corpus())}

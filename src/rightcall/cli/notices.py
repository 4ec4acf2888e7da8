"""`rightcall notice`: the words that people will be asked with, tried on before anyone hears them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from rightcall.api.public_notice import notice_now
from rightcall.canonical import Json
from rightcall.cli.as_json import Commands
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, ObjectOption, controller_of
from rightcall.cli.register import Register, read_register, unasked_in, wording_of
from rightcall.cli.words import words, write_file
from rightcall.errors import Malformed, NotFound
from rightcall.languages import canonical_language
from rightcall.purposes.cues import languages
from rightcall.purposes.faults import NO_NOTICE, Fault, FaultKind, Severity
from rightcall.purposes.fitting import Fitting, Wording, fit
from rightcall.purposes.public import frame_of
from rightcall.purposes.public_page import page, text
from rightcall.purposes.rules import checked_words
from rightcall.settings import load_settings

app = Commands(no_args_is_help=True, help="Notices: the words people are asked with.")

_HEADINGS = {Severity.WRONG: "wrong", Severity.WEAK: "weak", Severity.CANNOT_TELL: "cannot tell"}
_SHOWN = 60


@app.callback()
def _notices() -> None:
    """Notices."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """`where` says which notice of the file it is."""

    where: str
    wording: Wording
    fitting: Fitting


@dataclass(frozen=True, slots=True)
class _Given:
    """What was said of a plain text."""

    language: str | None = None
    controller: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """What a file holds: its notices by where they stand, and where one is missing that a trunk's callers would need."""

    notices: list[tuple[str, Wording]]
    missing: list[str]


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A notice as plain text, or a register in TOML with all its notices.")],
    as_json: ObjectOption = False,
    language: Annotated[
        str | None, typer.Option(help="Of a plain text: en, da, …. Found out by its commonest words if not given.")
    ] = None,
    controller: Annotated[
        str | None, typer.Option(help="Of a plain text: the company's name, which should be heard in it.")
    ] = None,
    purpose: Annotated[str | None, typer.Option(help="Of a plain text: what it asks for, such as a purpose's title.")] = None,
) -> None:
    """Say what is wrong with a notice, in plain words. Ends with 1 where a yes to it would be none, or that cannot be told."""
    with words().status("Trying what it says…"):
        found = _read(file, _Given(language, controller, purpose))
        tried = [_Tried(where, wording, fit(wording)) for where, wording in found.notices]
    if as_json:
        print(json.dumps(_document(tried, found.missing), indent=2, ensure_ascii=False))
    else:
        for each in tried:
            _show(each)
        for where in found.missing:
            print(f"{where}: no notice\n")
            _say(NO_NOTICE, f"{_HEADINGS[NO_NOTICE.severity]}  {NO_NOTICE.rule}", None)
            print()
    _sum_up(tried, len(found.missing))
    if not all(each.fitting.passes for each in tried):
        raise answer_no()


@app.command()
def public(
    controller: ControllerOption = None,
    language: Annotated[str, typer.Option(help="Of the sentences around the register's own words: en.")] = "en",
    html: Annotated[Path | None, typer.Option(help="Write it as one HTML page into this file.")] = None,
    data: DataOption = None,
) -> None:
    """Write the privacy notice for the public from the register, so that what is said is what is enforced."""
    frame_of(language)
    with house_of(load_settings(data=data)) as house:
        whose = controller_of(house.database, controller)
        with house.database.transaction(whose.id) as tx:
            notice = notice_now(tx, house.clock, house.rules, language)
    if html is None:
        print(text(notice))
        return
    write_file(html, page(notice))
    words().print(f"The privacy notice of {whose.name} is in {html.name}. Its fingerprint: {notice.digest.hex()}", markup=False)


def _read(file: Path, given: _Given) -> _Read:
    if file.suffix.lower() != ".toml":
        tag = None if given.language is None else canonical_language(given.language)
        wording = checked_words(_text(file))
        return _Read([(file.name, Wording(text=wording, language=tag, controller=given.controller, purpose=given.purpose))], [])
    if given != _Given():
        raise Malformed("A register names language, controller and purpose of each notice. Leave these options out.")
    register = read_register(file)
    notices = _notices_of(register)
    if not notices:
        raise Malformed(f"The file {file.name} holds no notice. docs/howto/register.md shows where they stand.")
    return _Read(notices, [f"{where}, {tag}" for where, tag in unasked_in(register)])


def _notices_of(register: Register) -> list[tuple[str, Wording]]:
    return [
        (f"{controller.name}, {purpose.key}, {notice.language}", wording_of(controller, purpose, notice))
        for controller in register.controllers
        for purpose in controller.purposes
        for notice in purpose.notices
    ]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotFound(f"The file {file.name} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise Malformed(f"The file {file.name} is not UTF-8 text. Save it again as that.") from error


def _show(tried: _Tried) -> None:
    fitting = tried.fitting
    level = f", LIX {fitting.lix}"
    length = f"{fitting.words} words, about {fitting.seconds} s spoken{level}"
    print(f"{tried.where}: {fitting.language or 'wording not read'}, {length}")
    for fault in fitting.faults:
        kind = fault.kind
        print()
        _say(kind, f"{_HEADINGS[kind.severity]}  {kind.rule}  {fault.start}-{fault.end}{_quoted(fault)}", fault.better)
    if fitting.faults and fitting.better is not None:
        print(f"\n  A notice that asks: “{fitting.better}”")
    print()


def _say(kind: FaultKind, heading: str, better: str | None) -> None:
    print(f"  {heading}")
    print(f"    {kind.says}")
    print(f"    Instead: {kind.instead}")
    if better is not None:
        print(f"    Better: “{better}”")
    print(f"    {kind.cite}")


def _quoted(fault: Fault) -> str:
    """The words it is about; none where something is missing."""
    about = " ".join(fault.words.split())
    if not about:
        return ""
    return f"  “{about if len(about) <= _SHOWN else about[: _SHOWN - 1] + '…'}”"


def _sum_up(tried: Sequence[_Tried], missing: int) -> None:
    wrong, weak, untold = (
        sum(each.fitting.count(severity) for each in tried) for severity in (Severity.WRONG, Severity.WEAK, Severity.CANNOT_TELL)
    )
    unread = [each for each in tried if each.fitting.language is None]
    said = f"{len(tried)} {'notice' if len(tried) == 1 else 'notices'}: {wrong} wrong, {weak + missing} weak."
    if untold and not unread:
        said += " Of some words it cannot be told: a person has to read them."
    elif unread:
        said += f" The wording of some could not be checked. Wording is read in {', '.join(languages())}."
    elif not wrong:
        said += " None of the faults that make a yes void was found. That is not advice: let somebody hear it who was not told."
    words().print(said)


def _document(tried: Sequence[_Tried], missing: Sequence[str]) -> Mapping[str, Json]:
    return {
        "notices": [
            {
                "notice": each.where,
                "language": each.fitting.language,
                "words": each.fitting.words,
                "seconds": each.fitting.seconds,
                "lix": each.fitting.lix,
                "passes": each.fitting.passes,
                "findings": [_finding(fault) for fault in each.fitting.faults],
                "better": each.fitting.better,
            }
            for each in tried
        ],
        "missing": [{"rule": NO_NOTICE.rule, "severity": NO_NOTICE.severity.value, "where": where} for where in missing],
    }


def _finding(fault: Fault) -> Mapping[str, Json]:
    return {
        "rule": fault.kind.rule,
        "severity": fault.kind.severity.value,
        "start": fault.start,
        "end": fault.end,
        "words": fault.words,
        "says": fault.kind.says,
        "instead": fault.kind.instead,
        "better": fault.better,
        "cite": fault.kind.cite,
    }

"""`rightcall notice`: the words that people will be asked with, tried on before anyone hears them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from rightcall.canonical import Json
from rightcall.cli.exits import answer_no
from rightcall.cli.register import read_register, wording_of
from rightcall.cli.words import words
from rightcall.errors import Malformed, NotFound
from rightcall.purposes.cues import languages
from rightcall.purposes.faults import Fault, Severity
from rightcall.purposes.fitting import Fitting, Wording, fit
from rightcall.purposes.rules import canonical_language, checked_words

app = typer.Typer(no_args_is_help=True, help="Notices: the words people are asked with.")

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


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A notice as plain text, or a register in TOML with all its notices.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    language: Annotated[
        str | None, typer.Option(help="Of a plain text: en, da, …. Found out by its commonest words if not given.")
    ] = None,
) -> None:
    """Say what is wrong with a notice, in plain words. Ends with 1 where a yes to it would be none, or that cannot be told."""
    with words().status("Trying what it says…"):
        tried = [_Tried(where, wording, fit(wording)) for where, wording in _read(file, language)]
    if as_json:
        print(json.dumps(_document(tried), indent=2, ensure_ascii=False))
    else:
        for each in tried:
            _show(each)
    _sum_up(tried)
    if not all(each.fitting.passes for each in tried):
        raise answer_no()


def _read(file: Path, language: str | None) -> list[tuple[str, Wording]]:
    if file.suffix.lower() != ".toml":
        tag = None if language is None else canonical_language(language)
        return [(file.name, Wording(text=checked_words(_text(file)), language=tag))]
    if language is not None:
        raise Malformed("A register names the language of each notice. Leave --language out.")
    found = [
        (
            f"{controller.name}, {purpose.key}, {notice.language}",
            wording_of(controller, notice),
        )
        for controller in read_register(file).controllers
        for purpose in controller.purposes
        for notice in purpose.notices
    ]
    if not found:
        raise Malformed(f"The file {file.name} holds no notice. docs/howto/register.md shows where they stand.")
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotFound(f"The file {file.name} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise Malformed(f"The file {file.name} is not UTF-8 text. Save it again as that.") from error


def _show(tried: _Tried) -> None:
    fitting = tried.fitting
    print(f"{tried.where}: {fitting.language or 'wording not read'}, {fitting.words} words, about {fitting.seconds} s spoken")
    for fault in fitting.faults:
        kind = fault.kind
        print(f"\n  {_HEADINGS[kind.severity]}  {kind.rule}  {fault.start}-{fault.end}{_quoted(tried.wording.text, fault)}")
        print(f"    {kind.says}")
        print(f"    Instead: {kind.instead}")
        print(f"    {kind.cite}")
    print()


def _quoted(text: str, fault: Fault) -> str:
    """The words it is about; none where something is missing."""
    if (fault.start, fault.end) == (0, len(text)):
        return ""
    about = " ".join(text[fault.start : fault.end].split())
    return f"  “{about if len(about) <= _SHOWN else about[: _SHOWN - 1] + '…'}”"


def _sum_up(tried: Sequence[_Tried]) -> None:
    wrong, weak, untold = (
        sum(each.fitting.count(severity) for each in tried) for severity in (Severity.WRONG, Severity.WEAK, Severity.CANNOT_TELL)
    )
    said = f"{len(tried)} {'notice' if len(tried) == 1 else 'notices'}: {wrong} wrong, {weak} weak."
    if untold:
        said += f" The wording of some could not be checked. Wording is read in {', '.join(languages())}."
    elif not wrong:
        said += " None of the faults that make a yes void was found. That is not advice: let somebody hear it who was not told."
    words().print(said)


def _document(tried: Sequence[_Tried]) -> Mapping[str, Json]:
    return {
        "notices": [
            {
                "notice": each.where,
                "language": each.fitting.language,
                "words": each.fitting.words,
                "seconds": each.fitting.seconds,
                "passes": each.fitting.passes,
                "findings": [
                    {
                        "rule": fault.kind.rule,
                        "severity": fault.kind.severity.value,
                        "start": fault.start,
                        "end": fault.end,
                        "says": fault.kind.says,
                        "instead": fault.kind.instead,
                        "cite": fault.kind.cite,
                    }
                    for fault in each.fitting.faults
                ],
            }
            for each in tried
        ]
    }

"""How the demo tells its story: chapters, plain sentences, small tables."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table

from rightcall.demo.outside.model import Letter


class Show:
    """Prints, and remembers whether everything that had to be so was so."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self.failures: list[str] = []
        self._chapter = 0

    def chapter(self, title: str) -> None:
        self._chapter += 1
        self.console.print()
        self.console.print(Rule(f"[bold]{self._chapter}. {title}[/bold]", align="left", style="dim"))

    def say(self, sentence: str) -> None:
        self.console.print(sentence)

    def wait(self, sentence: str) -> None:
        """Why nothing is seen to happen."""
        self.console.print(f"  … {sentence}", style="dim", markup=False)

    def check(self, sentence: str, *, holds: bool) -> None:
        """A claim that was looked at just now."""
        line = Table.grid(padding=(0, 1, 0, 0))
        line.add_row(" ", "[green]✓[/green]" if holds else "[bold red]✗ NOT SO:[/bold red]", sentence)
        self.console.print(line)
        if not holds:
            self.failures.append(sentence)

    def quote(self, lines: Iterable[str]) -> None:
        """What another program said, set apart."""
        for line in lines:
            self.console.print(Padding(line, (0, 0, 0, 4)))

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        table = Table(*heads, box=None, padding=(0, 2, 0, 2), header_style="dim")
        for row in rows:
            table.add_row(*row)
        self.console.print(table)

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names, and what is to be copied: never broken."""
        for name, what in rows:
            self.console.print(f"  {name:<28}{what}", soft_wrap=True, markup=False)

    def command(self, line: str) -> None:
        self.console.print(f"    {line}", soft_wrap=True, markup=False)

    def letter(self, letter: Letter) -> None:
        """What came by text or e-mail, to whoever runs the demo."""
        kind = "text" if letter.kind == "tel" else "e-mail"
        to, words = letter.to.reveal("show the demo's post"), letter.words.reveal("show the demo's post")
        self.console.print(f"  ✉ A {kind} for {to}: {words}", style="cyan", markup=False, soft_wrap=True)

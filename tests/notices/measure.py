"""`make notices`: precision and recall of each rule over the corpus of notices, as Markdown."""

import sys

from tests.notices.corpus import PARTS, examples, measure, table


def main() -> None:
    for part in PARTS:
        measured = measure(examples(part).values())
        sys.stdout.write(f"{part.replace('_', ' ')}: {measured.notices} notices\n\n{table(measured)}\n\n")


if __name__ == "__main__":
    main()

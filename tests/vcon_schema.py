"""What every vCon that leaves the house is held against in the tests: our own schema, and the working group's own files where
VCON_SCHEMAS names them (docs/howto/vcons.md)."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema

FOLDER = Path(__file__).parent / "vectors" / "vcon"


def _validators() -> Iterator[Any]:
    for file in (str(FOLDER / "schema.json"), *filter(None, os.environ.get("VCON_SCHEMAS", "").split(os.pathsep))):
        schema = json.loads(Path(file).read_text(encoding="utf-8"))
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        yield kind(schema, format_checker=kind.FORMAT_CHECKER)


OURS, *THEIRS = _validators()


def check(vcon: Any) -> None:
    """Raises ValidationError with what is wrong."""
    for validator in (OURS, *THEIRS):
        validator.validate(vcon)


def is_valid(vcon: Any) -> bool:
    return bool(OURS.is_valid(vcon))

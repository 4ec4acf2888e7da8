"""The demo's register with its first company alone, for whoever needs no second."""

from pathlib import Path

import rightcall

DEMO = Path(rightcall.__file__).parent / "demo" / "register.toml"


def northwind() -> Path:
    """In the folder where we are."""
    first, second, _ = DEMO.read_text(encoding="utf-8").partition('[[controllers]]\nname = "Tarn Water"')
    assert second
    register = Path("northwind.toml").absolute()
    register.write_text(first, encoding="utf-8")
    return register

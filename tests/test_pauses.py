import subprocess
import sys

_LOOKS_SELDOM = """
import gc, sys, weakref
from rightcall.later import load
from rightcall.pauses import look_seldom

class Round:
    def __init__(self):
        self.self = self

def told(what):
    print(what, flush=True)

there = len(gc.get_objects())
look_seldom()
told("left out" if gc.get_freeze_count() >= there else "looked through")
assert "wave" not in sys.modules
before = gc.get_freeze_count()
load("wave:open")
told("left out" if gc.get_freeze_count() > before else "looked through")
before = gc.get_freeze_count()
load("wave:open")
told("left out" if gc.get_freeze_count() > before else "nothing new")
first = Round()
seen = weakref.ref(first)
del first
for _ in range(20_000):
    Round()
told("let go of" if seen() is None else "kept")
"""


def test_what_is_loaded_is_left_out_and_what_comes_and_goes_is_still_let_go_of() -> None:
    """In a process of its own: how Python looks is a matter of the whole process."""
    said = subprocess.run([sys.executable, "-c", _LOOKS_SELDOM], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == ["left out", "left out", "nothing new", "let go of"]

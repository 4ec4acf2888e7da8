"""`python -m rightcall` is `rightcall`."""

from rightcall.cli.main import run

run()

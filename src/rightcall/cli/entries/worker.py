"""The process with the role worker."""

from rightcall.settings import Settings
from rightcall.worker import main


def run(settings: Settings) -> None:
    main.run(settings)

"""The bar as the settings put it."""

from datetime import timedelta

from rightcall.ethics.model import Bar, Measure
from rightcall.settings import Settings


def bar_of(settings: Settings) -> Bar:
    """Settings are in hundredths, as people say them."""
    return Bar(
        gap={
            Measure.WAITING: settings.parity_gap_waiting / 100,
            Measure.HANDLING: settings.parity_gap_handling / 100,
            Measure.TRANSFERS: settings.parity_gap_transfers / 100,
            Measure.UNRESOLVED: settings.parity_gap_unresolved / 100,
            Measure.HANG_UPS: settings.parity_gap_hang_ups / 100,
        },
        least=settings.parity_least,
        alarm=settings.parity_alarm / 100,
    )


def kept_for(settings: Settings) -> timedelta:
    return timedelta(days=settings.parity_days)

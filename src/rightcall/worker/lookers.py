"""What looks at parity, at uses and at safety, by the settings of this house: for the worker, and for whoever asks for it now."""

from rightcall.concerns.keeping import days_of
from rightcall.ethics.bar import bar_of, kept_for
from rightcall.ethics.minimisation.procedure import UsesLooker
from rightcall.ethics.procedure import Looker, Recounter
from rightcall.safety.procedure import SafetyLooker
from rightcall.wiring import House


def uses_looker_of(house: House) -> UsesLooker:
    """What looks at the log of uses."""
    return UsesLooker(database=house.database, clock=house.clock, unread_days=house.settings.minimisation_unread_days)


def looker_of(house: House) -> Looker:
    """What looks at parity, by the bar of the settings."""
    return Looker(
        database=house.database,
        vault=house.vault,
        clock=house.clock,
        bar=bar_of(house.settings),
        kept=kept_for(house.settings),
        days=days_of(house.settings),
    )


def recounter_of(house: House) -> Recounter:
    """What counts what is shown of parity."""
    return Recounter(database=house.database, clock=house.clock, bar=bar_of(house.settings), kept=kept_for(house.settings))


def safety_looker_of(house: House) -> SafetyLooker:
    """What looks at how a system keeps its data."""
    return SafetyLooker(
        database=house.database,
        vault=house.vault,
        clock=house.clock,
        open_system=house.open_system,
        unread_days=house.settings.minimisation_unread_days,
    )

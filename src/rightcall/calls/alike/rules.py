"""By what to look first. Pure."""

from rightcall.calls.alike.model import Alike, Trait

_FEW = (Trait.CONCERN, Trait.ON, Trait.WITHDREW)
_MANY = (Trait.SAID_NO, Trait.SAID_YES, Trait.NO_SOUND, Trait.SOUND)


def marks_of(alike: Alike) -> list[str]:
    """As each stands beside a call; what few calls have comes first: these are walked, and each is looked at for the others."""
    named = [f"agent:{alike.agent}"] if alike.agent else []
    named += [f"line:{alike.line}"] if alike.line else []
    few, many = ([each.value for each in some if each in alike.traits] for some in (_FEW, _MANY))
    return [*few, *named, *many]

"""Why somebody listens goes along in an address that tells nobody, and opens for nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from rightcall.console.listening import HOLDS, Why, opened, sealed
from rightcall.errors import NotAllowed

SECRET, ABOUT, ANOTHER = "a" * 43, "91c003ca-f61f-48d6-9163-6fc63795454b", "1c8157e9-854e-49e0-9f9a-69a5614dec1e"
AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
WHY = Why(purpose=uuid4(), reason="Ada Lind complained", case="complaint-2026-114")


def test_it_opens_as_it_was_said_and_tells_nothing() -> None:
    for why in (WHY, replace(WHY, purpose=None), Why(purpose=None, reason="", case="")):
        given = sealed(SECRET, ABOUT, why, AT)
        assert opened(SECRET, ABOUT, given, AT + HOLDS) == why
        assert not any(word and word in given for word in ("Ada", why.case, str(why.purpose)))
    assert sealed(SECRET, ABOUT, WHY, AT) != sealed(SECRET, ABOUT, WHY, AT)


@pytest.mark.parametrize(
    ("secret", "about", "changed", "later"),
    [
        ("b" * 43, ABOUT, "", timedelta()),
        (SECRET, ANOTHER, "", timedelta()),
        (SECRET, ABOUT, "", HOLDS + timedelta(seconds=1)),
        (SECRET, ABOUT, "AAAA", timedelta()),
        (SECRET, ABOUT, "é", timedelta()),
    ],
)
def test_it_opens_in_no_other_way(secret: str, about: str, changed: str, later: timedelta) -> None:
    given = sealed(SECRET, ABOUT, WHY, AT)
    with pytest.raises(NotAllowed):
        opened(secret, about, changed + given[len(changed) :], AT + later)

"""How long a code holds, how often it may be tried, and how many are made in an hour."""

from datetime import datetime, timedelta

from rightcall.requests.codes.model import Code

DIGITS = 8
HOLDS = timedelta(minutes=10)
MOST_TRIES = 5
HOUR = timedelta(hours=1)
PER_IDENTIFIER = 3
"""That one asker has sent to one number or address."""
PER_IDENTIFIER_BY_ALL = 6
"""So whoever asks for somebody else's shuts them out with two networks, and not with one."""
PER_ASKER = 10
PER_TOKEN = 300
KEPT = timedelta(days=1)


def is_spendable(code: Code, now: datetime) -> bool:
    return code.used_at is None and now < code.expires_at and code.tries < MOST_TRIES


def is_too_many(*, for_identifier: int, for_it_by_asker: int, by_asker: int, by_token: int) -> bool:
    """With what was made in the last hour, not counting the one that is asked for."""
    return (
        for_identifier >= PER_IDENTIFIER_BY_ALL
        or for_it_by_asker >= PER_IDENTIFIER
        or by_asker >= PER_ASKER
        or by_token >= PER_TOKEN
    )

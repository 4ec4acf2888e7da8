"""The people in the tests, always the same ones. Numbers and addresses are from the ranges reserved for examples."""

from datetime import UTC, datetime

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

ADA_TEL = "+4532123456"
ADA_SIP = "sip:ada@caller.example"
ADA_EMAIL = "ada@caller.example"
ADA_NAME = "Ada Planted-Lovelace"
BEN_TEL = "+442079460958"
BEN_EMAIL = "ben@caller.example"
AGENT_SIP = "sip:agent7@energy.example"
# A card number that passes the Luhn check and belongs to no one; planted to see that it never turns up.
PLANTED_CARD = "4111111111111111"


class Roll(Exception):
    """Raised to roll a test's transaction back."""

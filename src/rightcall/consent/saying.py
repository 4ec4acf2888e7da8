"""What people answered, and how it came, in words."""

from collections.abc import Mapping

from rightcall.consent.model import Answer, Channel

ANSWERED: Mapping[Answer, str] = {Answer.GRANTED: "yes", Answer.REFUSED: "no", Answer.WITHDRAWN: "taken back"}
CAME: Mapping[Channel, str] = {
    Channel.KEYPAD: "a key of the telephone",
    Channel.VOICE_HEARD_BY_AGENT: "said aloud, heard by the agent",
    Channel.WEB: "on a page",
    Channel.API: "from the contact centre's own program",
    Channel.SIPREC_PREFERENCE: "the wish that came with the call",
}

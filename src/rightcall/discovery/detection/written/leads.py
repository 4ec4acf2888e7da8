"""Phrases between which a name stands: what leads into one, and what comes behind it."""

from rightcall.discovery.detection.written.resources import phrases

LEAD = 28
_LEADS = (
    *(
        "this is ",
        "it's ",
        "its ",
        "i'm ",
        "im ",
        "i am ",
        "name is ",
        "name's ",
        "speaking with ",
        "speaking to ",
        "je suis ",
        "c'est ",
    ),
    *(
        "hier ist ",
        "ich bin ",
        "jeg er ",
        "det er ",
        "jag är ",
        "det är ",
        "hedder ",
        "heter ",
        "heiße ",
        "heisse ",
        "m'appelle ",
    ),
    *(
        f"{word} "
        for word in ("my mother", "my father", "my husband", "my wife", "my son", "my daughter", "my partner", "my colleague")
    ),
    *(
        f"{word} "
        for word in ("speak to", "speak with", "talk to", "talking to", "dealing with", "dealt with", "ask for", "spoke to")
    ),
    *(
        f"{word} "
        for word in ("taler med", "pratar med", "snakker med", "sprechen mit", "spreche mit", "policyholder", "behalf of")
    ),
)
_LAST_OF_A_LEAD = 3
_LEADS_END = frozenset(each[-_LAST_OF_A_LEAD:] for each in _LEADS)


def led_by(text: str, start: int, *, is_word: bool) -> str | None:
    """The phrase that leads into a name, if one does. Who speaks, as `Agent: `, leads into no name that is a word too."""
    written = text[max(0, start - LEAD) : start]
    if is_word and written.endswith(": ") and not written.endswith('": '):
        return None
    before = written.rstrip(" ,:").lower().replace("’", "'")
    tokens = before.split()[-3:]
    known = phrases("before")
    for size in range(len(tokens), 0, -1):
        phrase = " ".join(tokens[-size:]).strip("\"'(.,!?")
        if phrase in known:
            return phrase
    return None


def followed_by(text: str, end: int) -> str | None:
    after = text[end : end + LEAD].lstrip(" ,").lower().replace("’", "'")
    if not after.startswith(phrases("behind")):
        return None
    return next(
        (phrase for phrase in phrases("behind") if after.startswith(phrase) and not after[len(phrase) :][:1].isalpha()), None
    )


def is_led_to(text: str, start: int) -> bool:
    """Most words end otherwise than all that may lead."""
    if text[max(0, start - _LAST_OF_A_LEAD) : start].lower() not in _LEADS_END:
        return False
    return text[max(0, start - LEAD) : start].lower().endswith(_LEADS)

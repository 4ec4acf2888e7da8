"""How a turn of a conversation begins, where its text has who speaks and when: `[01:14] caller: `."""

TURN = r"(?:\[?[0-9]{1,2}:[0-9]{2}[0-9:.,]{0,8}\]? ?)?(?:[\w ]{1,14}: ?)?"

"""The purpose and the review of the tests' scenes, said again in Finnish."""

from tests.reviews.words import FORM

TITLE = "Kouluttaa asiakaspalvelijoita paremmin"
WHY = "Uudet asiakaspalvelijat oppivat oikeista puheluista."
ALOUD = "Saammeko säilyttää tämän puhelun, jotta uusi työtoveri voi oppia siitä?"
HARMS = [
    {"who": "soittajat", "how": "Jokin yksityinen voisi kuulua oppitunnilla.", "done": "Toistolle annetaan syy."},
    {"who": "asiakaspalvelijat", "how": "Tallennetta voisi käyttää heitä vastaan.", "done": "Työtä ei arvioida niillä."},
]
FINNISH = {"language": "fi", "title": TITLE, "justification": WHY, "said_aloud": ALOUD, "harms": HARMS}
SIGNED = [FORM["answers"]["said_aloud"], *(each[part] for each in FORM["harms"] for part in ("how", "done"))]
"""What customers read of the review as it was signed."""

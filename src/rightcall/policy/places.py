"""Places that there are, by the codes of ISO 3166, with EU for the EEA and UK for the United Kingdom.

A rule of a place that there is not would never stop anything, so it does not load; and a question about one, such as US-CAL, is
not answered by the law of the country around it. Deliberately elsewhere: which law counts in which place (rules.py).
"""

import re
from functools import lru_cache

_LONGEST = 20
_CODE = re.compile(r"[A-Z]{2,3}(-[A-Z0-9]{1,3})?")
_OURS = frozenset({"EU", "UK"})
_COUNTRY_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC "
    "CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GD GE "
    "GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI "
    "KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX "
    "MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD "
    "SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ "
    "VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
_COUNTRIES = frozenset(_COUNTRY_CODES.split())
_LANDS = "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH"
_STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA "
    "RI SC SD TN TX UT VA VT WA WI WV WY"
)
_PARTS = {"DE": frozenset(_LANDS.split()), "US": frozenset(_STATES.split())}
"""Where a part has rules of its own here. Parts of other countries are taken as they are written."""
_INSTEAD = {"GB": "UK", "EL": "GR", "EEA": "EU"}


def called_here(place: str) -> str:
    """The code by which rules call it: UK for GB too."""
    country, dash, part = place.partition("-")
    return f"{_INSTEAD.get(country, country)}{dash}{part}"


def problem_of(place: str) -> str | None:
    """What to write in place of it, or None where there is such a place."""
    if not _CODE.fullmatch(place):
        shown = place if len(place) <= _LONGEST else f"{place[:_LONGEST]}…"
        return f"{shown or 'Nothing'} is no code of a place. Write EU, DE or US-CA, for example."
    country, _, part = place.partition("-")
    if country in _INSTEAD:
        return f"Write {_INSTEAD[country]} for {country}."
    if country not in _COUNTRIES | _OURS:
        return f"There is no country {country}."
    if part and country in _OURS:
        return f"{country} has no parts here."
    if part and part not in _PARTS.get(country, {part}):
        return f"{country} has no part {part}."
    return None


@lru_cache(maxsize=1024)
def there_is(place: str) -> bool:
    """Whether a question can be about it: a code that a rule is not written with, such as GB, is one as well."""
    if not _CODE.fullmatch(place):
        return False
    return place.partition("-")[0] == "GB" or problem_of(called_here(place)) is None

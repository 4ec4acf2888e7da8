"""What becomes of a record that was linked, once something new is found in it.

1. It still says that it is about its person: what is new is theirs too, by the same link. Nothing of their own differs then, and
   where anything differs at all (another e-mail address), something of their own agrees.
2. It says that, and speaks of somebody else besides: what is new is nobody's, as all of such a record is when it is first linked;
   unless a column of its own says that it is their row.
3. Something of their own differs: it is another record under the same key. The link is over, and it is linked anew; where
   a person had made the link, it waits for a word.
4. It says nothing of the kind, for or against: the link is over, and it waits for a word.
"""

from enum import StrEnum

from rightcall.discovery.linking.model import Blinds, Link, Record, Weighed
from rightcall.discovery.linking.rows import of_the_row
from rightcall.discovery.linking.rules import Frequencies, is_contradicted, is_of_several, speaks_for, weigh


class Outcome(StrEnum):
    STAYS = "stays"
    OF_SEVERAL = "of_several"
    ANEW = "anew"
    ASKED = "asked"


def revisited(record: Record, link: Link, known: Blinds, *, erased: bool) -> Outcome:
    """`known`: all that its person is known by, from this record too. `erased`: the person was; nobody can say any more."""
    if erased:
        return Outcome.ANEW
    row = of_the_row(record)
    if row is not record and not is_contradicted(of_row := _weighed(row, link, known)) and speaks_for(of_row):
        return Outcome.OF_SEVERAL if is_of_several(row) else Outcome.STAYS
    weighed = _weighed(record, link, known)
    if is_contradicted(weighed):
        return Outcome.ANEW if link.decided_at is None else Outcome.ASKED
    if not speaks_for(weighed):
        return Outcome.ASKED
    return Outcome.OF_SEVERAL if is_of_several(record) else Outcome.STAYS


def _weighed(record: Record, link: Link, known: Blinds) -> Weighed:
    [weighed] = weigh(record.clues, {link.subject: known}, Frequencies(subjects=1, shared_by={}), customers_differ=True)
    return weighed

"""From columns of the database to what is compared: for each measure the calls with a yes or a no of which it is known. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np

from rightcall.ethics.comparing import Bools, Ints, Sample
from rightcall.ethics.model import Columns, Group, Measure
from rightcall.ids import NoticeId


def samples(columns: Columns, notice: NoticeId | None = None) -> Mapping[Measure, Sample]:
    """Of a person only the first call: what comes again and again is one person's way. An agent who asks well hears fewer noes,
    and may be quicker: what came after is compared for each agent; waiting came before.
    `notice`: only calls in which this one was answered."""
    group = np.array(columns.group, dtype=object)
    is_no, is_yes = group == Group.NO.value, group == Group.YES.value
    chosen = (is_no | is_yes) & ~np.array(columns.again, dtype=bool)
    if notice is not None:
        chosen &= np.array(columns.notice, dtype=object) == str(notice)
    hours = np.array(columns.hour, dtype=np.int64)
    alike = [_codes(columns.queue), _codes(columns.language), hours, _codes(columns.agent)]
    return {measure: _sample(columns, measure, chosen, is_no, alike) for measure in Measure}


def sizes(columns: Columns) -> Mapping[Group, int]:
    counted = Counter(columns.group)
    return {group: counted[group.value] for group in Group}


def notices(columns: Columns) -> list[NoticeId]:
    """Those that were answered in these calls, the oldest first."""
    return [NoticeId(UUID(text)) for text in sorted({text for text in columns.notice if text is not None})]


def _sample(columns: Columns, measure: Measure, chosen: Bools, is_no: Bools, alike: Sequence[Ints]) -> Sample:
    values = np.array(columns.values[measure], dtype=np.float64)
    known = chosen & ~np.isnan(values)
    queue, language, hour, agent = (column[known] for column in alike)
    return Sample(
        values=values[known],
        is_no=is_no[known],
        queue=queue,
        language=language,
        hour=hour,
        agent=None if measure is Measure.WAITING else agent,
        from_wire=np.array(columns.from_wire[measure], dtype=bool)[known],
    )


def _codes(names: Sequence[str]) -> Ints:
    known = {name: code for code, name in enumerate(sorted(set(names)))}
    return np.array([known[name] for name in names], dtype=np.int64)

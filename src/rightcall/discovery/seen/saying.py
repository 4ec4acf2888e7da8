"""What is not known of a system, in a sentence or two for people."""

from rightcall.discovery.seen.model import Seen, SeenState
from rightcall.ids import SubjectId


def said(seen: Seen, name: str) -> str:
    """Nothing where all of it is known."""
    return " ".join(each for each in (_scanned(seen, name), _before(seen), _found(seen, name), _skipped(seen, name)) if each)


def doubtful(records: int, subject: SubjectId) -> str:
    """Of one person."""
    if not records:
        return ""
    which = "1 record that may be about this person waits" if records == 1 else f"{records:,} records that may be about this"
    return f"{which}{'' if records == 1 else ' person wait'} for somebody's word: `rightcall links list --of {subject}`."


def _scanned(seen: Seen, name: str) -> str:
    so_far = "" if seen.objects is None else f" after {seen.looked_at:,} of {seen.objects:,} objects"
    match seen.state:
        case SeenState.NEVER:
            return f"{name} was never scanned."
        case SeenState.GOING_ON if seen.objects is None:
            return f"{name} is being scanned, and is still being listed."
        case SeenState.GOING_ON:
            return f"{name} is being scanned: {seen.looked_at:,} of {seen.objects:,} objects were looked at."
        case SeenState.FAILED:
            return f"The last scan of {name} failed{so_far}."
        case SeenState.CANCELLED:
            return f"The last scan of {name} was cancelled{so_far}."
        case SeenState.SAMPLED:
            return f"Of {name} only a sample was looked at, about {100 * (seen.sample or 0):.3g} %."
        case SeenState.FOLLOWING:
            return f"What the scan of {name} found is being put on the map."
        case SeenState.WHOLE:
            return ""
        case SeenState.RETIRED:
            since = "" if seen.retired_at is None else f" since {seen.retired_at:%d %b %Y}"
            return f"{name} is no longer looked at{since}: what lies there now is not known."


def _before(seen: Seen) -> str:
    return "" if seen.whole_at is None or seen.is_whole else f"All of it was looked at last on {seen.whole_at:%d %b %Y}."


def _found(seen: Seen, name: str) -> str:
    if not seen.on_no_map:
        return ""
    where = f" in {name}" if seen.is_whole else " there"
    what = "1 finding" if seen.on_no_map == 1 else f"{seen.on_no_map:,} findings"
    is_on = "is" if seen.on_no_map == 1 else "are"
    if seen.waiting == 0:
        return f"{what}{where} {is_on} linked to nobody, and on no map."
    return f"{what}{where} {is_on} on no map, {seen.nobodys:,} of them linked to nobody."


def _skipped(seen: Seen, name: str) -> str:
    whole = "1 object" if seen.not_read == 1 else f"{seen.not_read:,} objects"
    parts = "1 part" if seen.parts_not_read == 1 else f"{seen.parts_not_read:,} parts"
    told = [*([whole] if seen.not_read else []), *([f"{parts} within objects"] if seen.parts_not_read else [])]
    return f"{' and '.join(told)} of {name} could not be read." if told else ""

from uuid import RFC_4122

from rightcall.ids import new_id


def test_ids_are_version_7_and_sort_as_they_were_made() -> None:
    made = [new_id() for _ in range(10_000)]
    assert all(each.version == 7 and each.variant == RFC_4122 for each in made)
    assert made == sorted(made)
    assert len(set(made)) == len(made)

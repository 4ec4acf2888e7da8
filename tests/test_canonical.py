"""The quick form of facts is the canonical form."""

from hypothesis import given
from hypothesis import strategies as st

from rightcall.canonical import canonical_facts, canonical_json

TEXT = st.text(alphabet=st.characters(codec="utf-8"))
NAMES = st.text(alphabet=st.characters(max_codepoint=0x7F))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_facts_have_the_bytes_of_rfc_8785(document: dict[str, object]) -> None:
    assert canonical_facts(document) == canonical_json(document)  # type: ignore[arg-type]  # JSON by construction

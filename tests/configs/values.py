"""Values by chance, and documents with comments that have them."""

from typing import Any

from hypothesis import strategies as st

KEYS = st.sampled_from(["a", "b", "customer", "hub", "no", "x-y", "12", "kulcs é"])
# What readers fall out over, beside everything else.
TEXTS = st.one_of(
    st.sampled_from(
        ["no", "yes", "012", "1e3", "12:30:45", "~", "null", "<<", "=", "- a", "a: b", "a #b", " x", "{", "'"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
)
SCALARS = st.one_of(
    TEXTS, st.integers(-(10**12), 10**12), st.booleans(), st.none(), st.floats(allow_nan=False, width=32)
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
MAPPINGS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(KEYS, VALUES, max_size=5)

import pytest

from felhom_hub.base.secrets import SecretsError
from felhom_hub.boxes.live_file import MAX_BYTES, open_live, read_live, seal_live
from felhom_hub.configs.documents import DocumentError


def test_a_file_is_read_with_or_without_a_mark_before_it() -> None:
    assert read_live(b"a: 1\n") == read_live(b"\xef\xbb\xbfa: 1\n") == {"a": 1}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"#" * (MAX_BYTES + 1), "It is longer than 128 KB."),
        (b"a: \xff", "It is not text in UTF-8."),
        (b"a: 1\nb: [canary, c:\n", "Line 3 is no configuration."),
        (b"a: &canary 1\nb: *canary\n", "Line 1 is no configuration."),
        (b"canary: 1\ncanary: 2\n", "Line 2 is no configuration."),
        (b"- canary\n", "It is no configuration."),
        (b"", "It is no configuration."),
    ],
)
def test_what_is_none_is_refused_without_a_word_of_it(content: bytes, sentence: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_live(content)

    assert str(refused.value) == sentence


def test_it_opens_for_its_own_call_alone() -> None:
    sealed = seal_live(b"canary: 1", call=7)

    assert "canary" not in sealed
    assert open_live(sealed, call=7) == b"canary: 1"
    with pytest.raises(SecretsError):
        open_live(sealed, call=8)

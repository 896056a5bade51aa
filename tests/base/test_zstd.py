import pytest
import zstandard

from felhom_hub.base.zstd import compress_each, expand_each

# Few and many, for which other calls are made; each text differs from its neighbours, in length too.
NUMBERS = [0, 1, 3, 4, 200]


def texts_of(number: int) -> list[bytes]:
    return [b'{"number": %d, "text": "%b"}' % (index, b"report " * index) for index in range(number)]


@pytest.mark.parametrize("number", NUMBERS)
def test_each_text_becomes_the_frame_that_it_becomes_alone(number: int) -> None:
    compressor, texts = zstandard.ZstdCompressor(), texts_of(number)

    assert compress_each(compressor, texts) == [compressor.compress(text) for text in texts]


@pytest.mark.parametrize("number", NUMBERS)
def test_each_frame_becomes_its_text_in_the_same_order(number: int) -> None:
    texts = texts_of(number)
    frames = [zstandard.ZstdCompressor().compress(text) for text in texts]

    assert expand_each(zstandard.ZstdDecompressor(), frames) == texts


@pytest.mark.parametrize("number", [1, 3, 4, 200])
@pytest.mark.parametrize("place", [0, -1])
def test_empty_text_among_others_comes_back_empty(number: int, place: int) -> None:
    compressor, texts = zstandard.ZstdCompressor(), texts_of(number)
    texts[place] = b""

    frames = compress_each(compressor, texts)

    assert frames == [compressor.compress(text) for text in texts]
    assert expand_each(zstandard.ZstdDecompressor(), frames) == texts


@pytest.mark.parametrize("number", [3, 4])
def test_damaged_frame_is_an_error_and_no_other_text(number: int) -> None:
    frames = [zstandard.ZstdCompressor().compress(text) for text in texts_of(number)]
    frames[1] = frames[1][:-1]

    with pytest.raises(zstandard.ZstdError):
        expand_each(zstandard.ZstdDecompressor(), frames)

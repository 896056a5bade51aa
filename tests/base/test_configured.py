from felhom_hub.base.configured import Origin


def test_origins_read_as_words_on_the_page() -> None:
    assert [str(origin) for origin in Origin] == ["default", "file", "environment", "file named by the environment"]

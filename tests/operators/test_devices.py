import pytest

from felhom_hub.operators.devices import device_words

CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 {}Safari/537.36"
LINUX = "X11; Linux x86_64"
WINDOWS = "Windows NT 10.0; Win64; x64"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        (CHROME.format(LINUX, ""), "Chrome, Linux"),
        (CHROME.format("Linux; Android 16", "Mobile "), "Chrome, Android"),
        (CHROME.format("X11; CrOS x86_64 14541.0.0", ""), "Chrome, ChromeOS"),
        (CHROME.format(WINDOWS, "") + " Edg/142.0.0.0", "Edge, Windows"),
        (CHROME.format(WINDOWS, "") + " OPR/124.0.0.0", "Opera, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26.0 Safari/605.1.15", "Safari, macOS"),
        ("Firefox/1", "Firefox"),
        ("curl/8.16.0", "curl/8.16.0"),
        ("  a \n b\tc ", "a b c"),
        ("x" * 61, "x" * 60 + "…"),
        ("", "Unknown browser"),
        (" \r\n", "Unknown browser"),
    ],
)
def test_a_browser_is_named_with_its_system(user_agent: str, words: str) -> None:
    assert device_words(user_agent) == words

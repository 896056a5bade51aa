"""A browser in words, from its User-Agent; pure. It is a hint for people, and nothing rests on it."""

# The first that is named counts: Edge, Opera and Samsung's browser call themselves Chrome too, and Chrome Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_SHOWN = 60


def device_words(user_agent: str) -> str:
    """`Firefox, Linux`; what names no browser that we know is shown as it came, cut."""
    browser = _named(user_agent, _BROWSERS)
    system = _named(user_agent, _SYSTEMS)
    if browser:
        return f"{browser}, {system}" if system else browser
    text = " ".join(user_agent.split())
    return (text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…") or "Unknown browser"


def _named(user_agent: str, table: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in table if mark in user_agent), "")

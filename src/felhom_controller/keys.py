"""Which API key a controller goes by: its controller.yaml's, as the hub puts it there, else the one it was given."""

import threading
from collections.abc import Callable

import structlog

from felhom_controller.config import section_of

_LIMIT_CHARACTERS = 512

_log = structlog.get_logger("felhom_controller.keys")


def is_key(text: str) -> bool:
    """True for one line of what a header can carry, and no longer than any key is."""
    is_plain = text.isascii() and text.isprintable() and " " not in text
    return is_plain and 0 < len(text) <= _LIMIT_CHARACTERS


class HeldKey:
    """The key of one controller, asked anew for each request; may be used by several threads.

    `read` gives the live configuration. Its `hub.api_key` wins over the key that the controller was given: a rotated
    key arrives in that file, and what the command line names is older then.
    """

    def __init__(self, read: Callable[[], bytes | None], given: str) -> None:
        self._read = read
        self._given = given
        self._lock = threading.Lock()
        self._content: bytes | None = None
        self._key = given

    def __call__(self) -> str:
        """The key that holds now; the last one while the file cannot be read."""
        try:
            content = self._read()
        except OSError:
            return self._key
        with self._lock:
            if content != self._content:  # the YAML parser is slow, and the file seldom another
                self._content, before, self._key = content, self._key, self._key_in(content)
                if self._key != before:
                    _log.info("another API key is used from now on", source=self._source)
            return self._key

    @property
    def _source(self) -> str:
        return "the one given at the start" if self._key == self._given else "hub.api_key of controller.yaml"

    def _key_in(self, content: bytes | None) -> str:
        named = section_of(content, "hub").get("api_key")
        if not isinstance(named, str) or not named:
            return self._given
        if not is_key(named):
            _log.warning("hub.api_key of controller.yaml cannot be a key; the one given at the start is used")
            return self._given
        return named

"""Loads templates as they are written for people, and hands them on as they are sent to browsers.

Templates are indented, one element a line. What is only layout of the source would be a third of a long page, so it
goes when the template is loaded, once. Between two elements on two lines one line break stays, which a browser takes
for a space; a line that holds nothing but block tags leaves nothing behind.
"""

import re

from django.template import Origin
from django.template.loaders import app_directories

_BLOCK_TAG = (
    r"\{% *(?:if|elif|else|endif|for|empty|endfor|with|endwith|load|block|endblock|extends|comment|endcomment"
    r"|regroup|autoescape|endautoescape|filter|endfilter)\b[^%]*%\}"
)
_ONLY_BLOCK_TAGS = re.compile(rf"(?:{_BLOCK_TAG})+")


def without_layout(source: str) -> str:
    """The template without indentation, empty lines, and line breaks that belong to block tags alone."""
    kept = []
    for line in source.splitlines():
        text = line.strip()
        if text:
            kept.append(text if _ONLY_BLOCK_TAGS.fullmatch(text) else text + "\n")
    return "".join(kept)


class Loader(app_directories.Loader):
    """Django's loader of the rooms' templates, without the layout of the source."""

    def get_contents(self, origin: Origin) -> str:
        return without_layout(super().get_contents(origin))

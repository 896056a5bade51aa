"""One asset as an HTTP answer: its bytes or a part of them, its tag, and the headers that keep it harmless."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from felhom_hub.assets.conditions import NoSuchPartError, is_known, part_of
from felhom_hub.assets.listing import MAX_FILE_BYTES, is_asset, open_file
from felhom_hub.assets.names import content_type_of, is_allowed
from felhom_hub.base.errors import NotFound, PartNotThere

CACHE_CONTROL = "private, max-age=3600, must-revalidate"
# An SVG is a document that can carry scripts: opened by itself it runs nothing and fetches nothing.
_INERT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True)
class Asked:
    """What the request's headers ask for; "" where there is no such header."""

    if_none_match: str = ""
    range: str = ""
    if_range: str = ""


@dataclass(frozen=True)
class FileAnswer:
    """`body` is what a GET brings; of a HEAD only the headers are sent."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes


def file_answer(directory: Path, filename: str, asked: Asked) -> FileAnswer:
    """The answer; raises NotFound for all that is no asset, PartNotThere, and OSError where it cannot be read."""
    content = _content(directory, filename)
    etag = f'"{sha256(content).hexdigest()}"'
    headers = {
        "ETag": etag,
        "Cache-Control": CACHE_CONTROL,
        "Content-Type": content_type_of(filename),
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": _INERT,
        "X-Content-Type-Options": "nosniff",
    }
    if is_known(asked.if_none_match, etag):
        return FileAnswer(HTTPStatus.NOT_MODIFIED, headers, b"")
    try:
        part = part_of(asked.range, len(content), if_range=asked.if_range, etag=etag)
    except NoSuchPartError:
        raise PartNotThere("The Range lies behind the end of the file", size=len(content)) from None
    if part is None:
        return FileAnswer(HTTPStatus.OK, headers | {"Content-Length": str(len(content))}, content)
    body = content[part.first : part.last + 1]
    headers |= {
        "Content-Length": str(len(body)),
        "Content-Range": f"bytes {part.first}-{part.last}/{len(content)}",
    }
    return FileAnswer(HTTPStatus.PARTIAL_CONTENT, headers, body)


def _content(directory: Path, filename: str) -> bytes:
    """The name is looked at before the disk is: what is not allowed never becomes a path."""
    missing = NotFound("There is no such asset")
    if not is_allowed(filename):
        raise missing
    path = directory / filename
    try:
        with open_file(path) as stream:
            if not is_asset(os.fstat(stream.fileno())):
                raise missing
            return stream.read(MAX_FILE_BYTES)
    except (FileNotFoundError, IsADirectoryError):
        raise missing from None
    except OSError:
        if path.is_symlink():
            raise missing from None
        raise

"""The operations by which controllers download logos, screenshots and icons."""

from felhom_hub.assets.names import CONTENT_TYPES, MAX_NAME_LENGTH, NAMES_IN_WORDS
from felhom_hub.project.openapi.operation import Answer, Operation, Parameter, Schema
from felhom_hub.project.openapi.parts import answered, count, instant, listed, named, text

SCHEMAS: dict[str, Schema] = {
    "AssetManifest": answered(
        "All assets.",
        {
            "version": count("Grows with every change of the contents, and is the same for the same ones."),
            "generated": instant("When these contents were seen first."),
            "files": listed("By name.", named("AssetFile")),
        },
    ),
    "AssetFile": answered(
        "One asset.",
        {
            "filename": text("Its name, without any path."),
            "size": count("In bytes."),
            "sha256": text("Of its bytes, in hex.", pattern="^[0-9a-f]{64}$"),
        },
    ),
}

_SVG, *_OTHERS = CONTENT_TYPES.values()
_MANIFEST = {
    "version": 7,
    "generated": "2026-02-20T18:53:24.123Z",
    "files": [
        {
            "filename": "immich-logo.svg",
            "size": 421,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        }
    ],
}

OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/assets/manifest",
        operation_id="readAssetManifest",
        tag="Assets",
        summary="All assets with sizes and hashes",
        text="A controller compares the hashes with what it has, and downloads what differs. Every key may read it.",
        security="key",
        answer=Answer("The manifest.", "AssetManifest", _MANIFEST),
        refusals={503: "The assets cannot be read now."},
    ),
    Operation(
        method="GET",
        path="/api/v1/assets/file/{filename}",
        operation_id="readAsset",
        tag="Assets",
        summary="One asset",
        text="`ETag` is the sha256 in quotes; with `If-None-Match` the answer is 304 where nothing is new, with one "
        "`Range` it is 206. An SVG comes with a Content-Security-Policy under which it runs nothing. Every key may "
        "read it.",
        security="key",
        parameters=(
            Parameter(
                "filename",
                "path",
                {"type": "string", "maxLength": MAX_NAME_LENGTH},
                f"A name from the manifest: {NAMES_IN_WORDS}.",
                "favicon.svg",
            ),
        ),
        answer=Answer(
            "The bytes.",
            None,
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"/>\n',
            content_type=_SVG,
            other_types=tuple(_OTHERS),
        ),
        refusals={
            404: "There is no such asset, or no asset can have such a name.",
            416: "The Range lies behind the end of the file; `Content-Range` has its size.",
            503: "The asset cannot be read now.",
        },
    ),
)

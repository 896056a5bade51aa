"""An operation as a command for a shell, which is asked of the hub as it stands. Pure."""

import shlex
from urllib.parse import quote

from felhom_hub.project.openapi.operation import Operation, Security

# Where nobody has said under which address the hub is reached.
EXAMPLE_URL = "https://hub.example.org"
_KEY = ('-H "Authorization: Bearer $KEY"',)
_HEADERS: dict[Security, tuple[str, ...]] = {
    "public": (),
    "key": _KEY,
    "key or loopback": _KEY,
    "own key": _KEY,
    "passphrase": ('-H "X-Retrieval-Password: $PASSPHRASE"',),
    "signature": ('-H "svix-id: $ID"', '-H "svix-timestamp: $SECONDS"', '-H "svix-signature: $SIGNATURE"'),
}


def curl_of(operation: Operation, server_url: str) -> str:
    """The command, a line for each of its parts; secrets are left to the shell's variables, a body to body.json."""
    in_path = {each.name: quote(each.example, safe="") for each in operation.parameters if each.place == "path"}
    parts = [*_HEADERS[operation.security]]
    if operation.body is not None:
        parts.append("--data-binary @body.json")
    parts.append(shlex.quote(f"{server_url.rstrip('/')}{operation.path.format(**in_path)}"))
    return " \\\n  ".join(("curl", *parts)).replace("curl \\\n  ", "curl ", 1)

"""docs/settings.md as rendered from the table of options.py, where everything that it says of a setting is written.

`python -m felhom_hub.project.reference > docs/settings.md` brings it up to date; a test holds the two equal.
"""

import sys
from collections.abc import Iterator
from itertools import groupby

from felhom_hub.project.hubfile import CONFIG_VARIABLE
from felhom_hub.project.options import SETTINGS
from felhom_hub.project.setting import DATA_DIR, Setting

_INTRODUCTION = f"""\
# Settings

<!-- Rendered by `python -m felhom_hub.project.reference` from src/felhom_hub/project/options.py: edit there. -->

The hub reads `hub.yaml`: the file named by `--config`, else by the environment variable `{CONFIG_VARIABLE}`, else
`hub.yaml` in the directory it is started from. Without a file every setting has its default.

```yaml
api:
  report_api_key: "a-long-random-text"
server:
  listen: "127.0.0.1:8080"
  data_dir: /var/lib/felhom-hub
  public_url: https://hub.example.org
  trusted_proxies: [127.0.0.1]
alerting:
  stale_threshold: 30m
```

- **Environment.** Each setting can be overridden by a variable: `server.listen` by `FELHOM_HUB_SERVER__LISTEN` (two
  underscores between section and key). A list is written with commas.
- **Secrets** (marked below) can also be read from a file, named by the variable with `_FILE` at its end:
  `FELHOM_HUB_API__REPORT_API_KEY_FILE=/run/secrets/report_api_key`. One line break at the end of the file is dropped;
  setting both variables is an error, and so is an empty file.
- **Durations** are written as in Go: `90s`, `30m`, `1h30m`, `1.5h`.
- **An impossible value** stops the start; each is named with its place and its rule. `felhom-hub check` tells before.
- **An unknown key** is a warning with the nearest known key, and is ignored.
- A key without a value (`token:`) counts as not written.
- `{DATA_DIR}` in a default stands for the value of `server.data_dir`.
"""

_COLUMNS = "| Key | Default | It must be | What it is for |\n|---|---|---|---|\n"


def render_reference() -> str:
    """The whole of docs/settings.md."""
    sections = (
        f"\n## {section}\n\n{_COLUMNS}" + "".join(_row(setting) for setting in settings)
        for section, settings in groupby(SETTINGS.values(), key=lambda setting: setting.section)
    )
    return _INTRODUCTION + "".join(sections)


def _row(setting: Setting) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|").replace("<", r"\<") for cell in _cells(setting)) + " |\n"


def _cells(setting: Setting) -> Iterator[str]:
    yield f"`{setting.key}`" + (" (secret)" if setting.is_secret else "")
    yield "not set" if setting.default is None else f"`{setting.default}`" if setting.default else "empty"
    yield setting.rule.must_be
    yield setting.text


if __name__ == "__main__":
    sys.stdout.write(render_reference())

"""The image's recipe: what a linter says of it, what it promises, and that its steps lead to a hub that serves."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cli.processes import SECONDS, next_line, port_in, wait_until_healthy
from tests.deploy.dockerfile import Stage, in_context, read_dockerfile
from tests.structure.files import ROOT, tracked

from felhom_hub.assets.names import is_allowed

DOCKERFILE, COMPOSE = ROOT / "deploy" / "Dockerfile", ROOT / "deploy" / "compose.yaml"
USER = "10001"
LABELS = ("title", "description", "licenses", "version", "revision")


def stages() -> tuple[Stage, Stage]:
    build, final = read_dockerfile(DOCKERFILE)
    return build, final


@pytest.mark.skipif(shutil.which("hadolint", path=str(Path(sys.executable).parent)) is None, reason="hadolint has no wheel for this machine")  # fmt: skip  # noqa: E501
def test_a_linter_has_nothing_to_say() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, DOCKERFILE], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_it_runs_as_nobody_and_says_how_it_is() -> None:
    _, final = stages()

    assert final.all_of("USER") == [f"{USER}:{USER}"]
    assert f"--uid {USER}" in " ".join(final.all_of("RUN"))
    assert "/healthz" in final.all_of("HEALTHCHECK")[0]
    assert (json.loads(final.all_of("ENTRYPOINT")[0]), json.loads(final.all_of("CMD")[0])) == (
        ["felhom-hub"],
        ["serve"],
    )
    labels = " ".join(final.all_of("LABEL"))
    assert [
        name for name in ("title", "description", "licenses", "version", "revision") if f"image.{name}=" not in labels
    ] == []
    # Nothing of the builder's tools comes along.
    assert [each for each in final.all_of("COPY") if "--from=build" in each] == [
        "--from=build /opt/felhom-hub /opt/felhom-hub"
    ]


def test_the_context_has_what_the_recipe_copies_and_no_more() -> None:
    files = in_context([str(path.relative_to(ROOT)) for path in tracked()], ROOT / ".dockerignore")
    copied = [
        part
        for stage in stages()
        for each in stage.all_of("COPY")
        if "--from" not in each
        for part in each.split()[:-1]
    ]

    assert [
        each for each in copied if each != "." and not any(name.startswith(each.rstrip("/")) for name in files)
    ] == []
    tops = {name.split("/")[0] for name in files}
    assert tops == {"LICENSE", "README.md", "deploy", "package-lock.json", "package.json", "pyproject.toml", "requirements", "src", "tools"}  # fmt: skip  # noqa: E501
    assert [name for name in files if name.startswith("deploy/") and not name.startswith("deploy/assets-seed/")] == []


def test_the_seed_takes_what_a_hub_takes() -> None:
    seed = [path.name for path in (ROOT / "deploy" / "assets-seed").iterdir()]

    assert [name for name in seed if not is_allowed(name)] == ["README.md"]
    assert "rm /usr/share/felhom/assets-seed/README.md" in " ".join(stages()[1].all_of("RUN"))


def test_compose_gives_it_no_more_than_it_needs() -> None:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    hub = found["services"]["hub"]

    assert (hub["read_only"], hub["cap_drop"], hub["user"]) == (True, ["ALL"], f"{USER}:{USER}")
    assert hub["security_opt"] == ["no-new-privileges:true"]
    assert (hub["build"]["dockerfile"], hub["build"]["context"]) == ("deploy/Dockerfile", "..")
    assert {volume.split(":")[0] for volume in hub["volumes"]} == {"hub-data", "./hub.yaml", "/srv/felhom-backups"}
    assert [port for port in hub["ports"] if not port.startswith("127.0.0.1:")] == []


@pytest.mark.long
def test_its_steps_lead_to_a_hub_that_serves_from_a_read_only_place(tmp_path: Path) -> None:
    """Where no builder is: the recipe's own commands, in a directory in the place of the image's root."""
    build, final = stages()
    place, installed = tmp_path / "build", tmp_path / "opt" / "felhom-hub"
    place.mkdir()
    installed.parent.mkdir()
    for instruction, argument in build.instructions:
        if instruction == "COPY":
            *sources, target = argument.split()
            for source in sources:
                copy_into(place, source, target)
        if instruction == "RUN" and "apt-get" not in argument:
            command = argument.replace("/opt/felhom-hub", str(installed))
            done = subprocess.run(
                ["bash", "-euc", command], cwd=place, env=clean(), capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    data = tmp_path / "data"
    data.mkdir()
    make_read_only(installed)
    variables = dict(re.findall(r"(\w+)=(\S+)", " ".join(final.all_of("ENV"))))
    settings = {
        name: value for name, value in variables.items() if name.startswith(("FELHOM_HUB_SERVER", "PYTHON"))
    } | {"FELHOM_HUB_SERVER__DATA_DIR": str(data), "FELHOM_HUB_SERVER__LISTEN": "127.0.0.1:0"}
    program = [str(installed / "bin" / "felhom-hub"), *json.loads(final.all_of("CMD")[0])]
    process = subprocess.Popen(
        program, cwd=data, env=clean() | settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        wait_until_healthy(process, port_in(next_line(process)))
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)
    assert (data / "hub.db").exists()
    assert list(installed.rglob("*.pyc")) != []  # compiled at the build, since nothing can be written later


def copy_into(place: Path, source: str, target: str) -> None:
    """As COPY does, of what is in the context."""
    for name in in_context([str(path.relative_to(ROOT)) for path in tracked()], ROOT / ".dockerignore"):
        if source in {".", name} or name.startswith(source.rstrip("/") + "/"):
            is_directory = target.endswith("/") or target == "."
            path = place / target / (name if source == "." else Path(name).name) if is_directory else place / target
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, path)


def clean() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "PIP_", "npm_config", "NPM_CONFIG", "SSL_", "REQUESTS_", "HTTP", "http", "NODE")
    return {name: value for name, value in os.environ.items() if name.startswith(kept)}


def make_read_only(directory: Path) -> None:
    subprocess.run(shlex.split(f"chmod -R a-w {directory}"), check=True)

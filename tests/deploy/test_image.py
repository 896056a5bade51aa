"""The image's recipe: what a linter says of it, what it promises, and that its steps lead to a hub that serves."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.assets.conftest import SVG
from tests.cli.processes import SECONDS, get, next_line, port_in, wait_until_healthy
from tests.deploy.dockerfile import Stage, in_context, read_dockerfile
from tests.deploy.scratch_image import ScratchImage, open_place
from tests.structure.files import ROOT, tracked

from felhom_hub.assets.names import is_allowed
from felhom_hub.project.options import SETTINGS

DOCKERFILE, COMPOSE = ROOT / "deploy" / "Dockerfile", ROOT / "deploy" / "compose.yaml"
USER, LOGO = "10001", "immich-logo.svg"
KEY = "a-key-of-the-tests-own"
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
    hub = compose()

    assert (hub["read_only"], hub["cap_drop"], hub["user"]) == (True, ["ALL"], f"{USER}:{USER}")
    assert hub["security_opt"] == ["no-new-privileges:true"]
    assert (hub["build"]["dockerfile"], hub["build"]["context"]) == ("deploy/Dockerfile", "..")
    assert {volume.split(":")[0] for volume in hub["volumes"]} == {"hub-data", "./hub.yaml", "/srv/felhom-backups"}
    assert [port for port in hub["ports"] if not port.startswith("127.0.0.1:")] == []


@pytest.fixture(scope="module")
def image() -> Iterator[ScratchImage]:
    """The recipe's steps are done, with a logo that somebody put into the seed; hub.yaml is where it is mounted."""
    with open_place() as place:
        found = ScratchImage(place, stages(), {LOGO: SVG})
        mounted = next(each for each in compose()["volumes"] if each.startswith("./hub.yaml:")).split(":")[1]
        settings = Path(found.here(mounted))
        settings.parent.mkdir(parents=True)
        settings.write_text(f"api: {{report_api_key: {KEY}}}\n", "utf-8")
        settings.chmod(0o644)
        yield found


@pytest.mark.long
def test_its_steps_lead_to_a_hub_that_serves_as_nobody_from_a_read_only_place(image: ScratchImage) -> None:
    _, final = stages()
    before = image.files()
    seed = image.here(str(SETTINGS["assets.seed_dir"].default))
    variables = image.variables(FELHOM_HUB_SERVER__LISTEN="127.0.0.1:0", FELHOM_HUB_ASSETS__SEED_DIR=seed)
    process = subprocess.Popen(
        image.command(), cwd=image.root, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        port = port_in(next_line(process))
        wait_until_healthy(process, port)
        status = Path(f"/proc/{process.pid}/status").read_text("ascii")
        logo = get(port, f"/api/v1/assets/file/{LOGO}", Authorization=f"Bearer {KEY}")
        check = [word.replace(":8080", f":{port}") for word in json.loads(final.all_of("HEALTHCHECK")[0].partition("CMD ")[2])]  # fmt: skip  # noqa: E501
        healthy = subprocess.run(check, env=variables, check=False, capture_output=True, text=True)
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)

    assert (logo.status, logo.body) == (HTTPStatus.OK, SVG)
    assert (healthy.returncode, healthy.stderr) == (0, "")
    made = [path for path in (image.root / "data").rglob("*") if path.name in {"hub.db", "secret.keys", LOGO}]
    assert len(made) == 3
    assert image.files() == before
    # Compiled at the build, since nothing can be written later.
    assert list((image.root / "opt").rglob("*.pyc")) != []
    if os.geteuid() == 0:
        ids = re.findall(r"^[UG]id:\s+(.*)$", status, re.MULTILINE)
        assert {*" ".join(ids).split()} == {USER}
        assert {path.stat().st_uid for path in made} == {int(USER)}


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_what_runs_in_it_can_write_nothing_else(image: ScratchImage) -> None:
    places = [image.root, *(image.root / name for name in ("opt/felhom-hub", "usr/share/felhom", "data", "assets"))]
    tried = [f"touch {place}/tried 2>/dev/null && echo {place.relative_to(image.root)}" for place in places]

    done = subprocess.run(
        [*image.as_user(), "bash", "-c", "; ".join(tried)], capture_output=True, text=True, check=False
    )

    assert done.stdout.split() == ["data", "assets"]


def compose() -> Any:
    """The one service of compose.yaml."""
    return yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]["hub"]

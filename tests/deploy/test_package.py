"""A hub without the repository: the commands of docs/deploying.md make a wheel, and a hub serves from it."""

import json
import re
import shutil
import subprocess
from http import HTTPStatus
from pathlib import Path

import pytest
from tests.cli.processes import SECONDS, get, next_line, port_in, report_status, wait_until_healthy
from tests.deploy.scratch_image import clean
from tests.documents import command_blocks
from tests.structure.files import ROOT, tracked

KEY = "a-key-of-the-tests-own"
INSTALLATION_SECONDS = 600.0  # packages come from a registry


@pytest.mark.long
def test_a_wheel_brings_all_that_a_hub_needs(tmp_path: Path) -> None:
    clone, installed = tmp_path / "clone", tmp_path / "opt" / "felhom-hub"
    for path in tracked():
        (clone / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, clone / path.relative_to(ROOT))
    build, install = (
        each.text.replace("/opt/felhom-hub", str(installed))
        for each in command_blocks(ROOT / "docs" / "deploying.md")
        if each.heading == "A wheel"
    )
    run(build, clone)
    machine = tmp_path / "machine"
    machine.mkdir()
    shutil.copytree(clone / "dist", machine / "dist")
    for place in (machine, installed):
        shutil.copytree(clone / "requirements", place / "requirements")
    shutil.rmtree(clone)
    run(install, machine)
    (chat,) = (each for each in command_blocks(ROOT / "docs" / "operating.md") if "/apprise.txt" in each.text)
    run(chat.text.replace("/opt/felhom-hub", str(installed)), machine)
    settings = f"server: {{data_dir: {machine / 'data'}, listen: '127.0.0.1:0'}}\napi: {{report_api_key: {KEY}}}\n"
    (machine / "hub.yaml").write_text(settings, "utf-8")
    program = [str(installed / ".venv" / "bin" / "felhom-hub"), "serve"]
    process = subprocess.Popen(
        program, cwd=machine, env=clean(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        port = port_in(next_line(process))
        wait_until_healthy(process, port)
        page = get(port, "/login")
        files = re.findall(r'"(/static/[^"]+)"', page.body.decode())
        # Packed with the dictionary, and expanded again.
        assert report_status(port, KEY, "kiss-foto") == HTTPStatus.OK
        read = get(port, "/api/v1/customers/kiss-foto", Authorization=f"Bearer {KEY}")
        described = get(port, "/api/v1/openapi.json")
        statuses = {path: get(port, path).status for path in files}
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)

    assert (page.status, len(files) > 2, set(statuses.values())) == (HTTPStatus.OK, True, {HTTPStatus.OK})
    assert (read.status, described.status) == (HTTPStatus.OK, HTTPStatus.OK)
    assert json.loads(read.body)["customer"]["customer_id"] == "kiss-foto"


@pytest.mark.long
def test_what_is_pinned_is_enough_to_install_a_checkout_as_make_setup_does(tmp_path: Path) -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8").replace("$(RUN) ", "venv/bin/python -m ")
    steps = [each.strip() for each in recipe.splitlines() if "requirements/build.txt" in each or each.endswith("-e .")]
    steps = [each for each in steps if " pip install " in each]
    for path in tracked():
        (tmp_path / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, tmp_path / path.relative_to(ROOT))

    run("python3 -m venv venv", tmp_path)
    for step in steps:
        run(step, tmp_path)

    assert len(steps) == 2
    assert (tmp_path / "venv/bin/felhom-hub").exists()


def run(commands: str, directory: Path) -> None:
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=directory, env=clean(), capture_output=True, text=True, check=False, timeout=INSTALLATION_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, f"{commands}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"

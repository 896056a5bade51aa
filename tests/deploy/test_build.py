"""`build.sh`, run for real with a program in the builder's place: what it refuses, what it builds, syncs and pins."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.deploy.checkout import Checkout
from tests.deploy.manifests import container, needs_kustomize, read
from tests.structure.files import ROOT

PINS = "deploy/kubernetes/base/kustomization.yaml"
IMAGE = "gitea.dooplex.hu/admin/felhom-hub"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    directory = tmp_path / "their logos"
    directory.mkdir()
    for name in ("immich-logo.svg", "immich-logo.png", "immich-screenshot-1.webp", "index.html", "immich.svg"):
        (directory / name).write_text(f"This is {name}", "utf-8")
    (directory / "old-logo.svg").mkdir()
    return directory


@pytest.mark.skipif(shutil.which("shellcheck", path=str(Path(sys.executable).parent)) is None, reason="shellcheck has no wheel for this machine")  # fmt: skip  # noqa: E501
def test_a_linter_has_nothing_to_say() -> None:
    scripts = [ROOT / "build.sh", ROOT / "tools" / "render-manifests", ROOT / "tools" / "system-packages"]
    linter = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([linter, *scripts], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_its_help_says_how_it_is_called(checkout: Checkout) -> None:
    status, out, err = checkout.build("--help")

    assert (status, err) == (0, "")
    assert out.startswith("Usage: ./build.sh vX.Y.Z [--push] [--assets DIR]\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "which version? ./build.sh vX.Y.Z [--push]"),
        (["1.2.3"], '"1.2.3" is no tag such as v1.2.3 or v1.2.3-rc.1'),
        (["v1.2"], '"v1.2" is no tag such as v1.2.3 or v1.2.3-rc.1'),
        (["latest"], '"latest" is no tag such as v1.2.3 or v1.2.3-rc.1'),
        (["v1.02.3"], '"v1.02.3" is no tag such as v1.2.3 or v1.2.3-rc.1'),
        (["v1.2.3/4"], '"v1.2.3/4" is no tag such as v1.2.3 or v1.2.3-rc.1'),
        (["v1.2.3", "v1.2.4"], "one tag at a time: v1.2.3 or v1.2.4"),
        (["v1.2.3", "--pull"], "there is no option --pull; see ./build.sh --help"),
        (["v1.2.3", "--assets"], "--assets wants a directory"),
        (["v1.2.3", "--assets", "nowhere"], "--assets nowhere is not a directory"),
    ],
)
def test_a_mistake_is_one_plain_line(checkout: Checkout, arguments: list[str], sentence: str) -> None:
    checkout.program("docker")

    assert checkout.build(*arguments) == (2, "", f"build.sh: {sentence}\n")
    assert checkout.asked == []


def test_a_tag_of_two_lines_is_none(checkout: Checkout) -> None:
    status, _, err = checkout.build("v1.2.3\nv1.2.4")

    assert (status, "is no tag such as" in err) == (2, True)


def test_without_a_builder_it_says_so(checkout: Checkout) -> None:
    assert checkout.build("v1.2.3") == (
        2, "", "build.sh: neither docker nor podman nor buildah is here to build the image with\n",
    )  # fmt: skip


@pytest.mark.parametrize("builder", ["docker", "podman", "buildah"])
def test_it_builds_with_what_is_there_and_changes_nothing(checkout: Checkout, builder: str) -> None:
    checkout.program(builder)
    revision = checkout.git("rev-parse", "HEAD").strip()
    extra = [] if builder == "docker" else ["--format", "docker"]

    status, out, err = checkout.build("v1.2.3-rc.1")

    assert (status, out, err) == (0, f"Built {IMAGE}:v1.2.3-rc.1\n", "")
    assert checkout.asked == [
        [
            builder, "build", "--file", f"{checkout.root}/deploy/Dockerfile", "--tag", f"{IMAGE}:v1.2.3-rc.1",
            "--build-arg", "VERSION=v1.2.3-rc.1", "--build-arg", f"REVISION={revision}", *extra, str(checkout.root),
        ]
    ]  # fmt: skip
    assert checkout.changed == []


def test_the_first_builder_is_taken(checkout: Checkout) -> None:
    for name in ("buildah", "podman", "docker"):
        checkout.program(name)
        checkout.build("v1.2.3")

    assert [asked[0] for asked in checkout.asked] == ["buildah", "podman", "docker"]


def test_the_seed_has_the_logos_and_screenshots_and_nothing_else(checkout: Checkout, assets: Path) -> None:
    checkout.program("docker")
    seed = checkout.root / "deploy" / "assets-seed"
    (seed / "gone-logo.svg").write_text("of an app that is gone", "utf-8")
    (seed / "favicon.svg").write_text("put there by hand", "utf-8")

    status, out, _ = checkout.build("v1.2.3", "--assets", str(assets))

    names = ["README.md", "favicon.svg", "immich-logo.png", "immich-logo.svg", "immich-screenshot-1.webp"]
    assert (status, out.splitlines()[0]) == (0, f"Assets: 3 files of {assets}")
    assert sorted(Path(f"{checkout.record}.seed").read_text("utf-8").split()) == names
    assert (seed / "immich-logo.svg").read_bytes() == (assets / "immich-logo.svg").read_bytes()


def test_the_websites_assets_are_taken_where_they_lie_beside_it(checkout: Checkout, assets: Path) -> None:
    checkout.program("docker")
    shutil.copytree(assets, checkout.root.parent / "website" / "assets")

    status, out, _ = checkout.build("v1.2.3")

    assert (status, out.splitlines()[0]) == (0, f"Assets: 3 files of {checkout.root}/../website/assets")


def test_a_directory_without_assets_leaves_the_seed_as_it_is(checkout: Checkout, tmp_path: Path) -> None:
    checkout.program("docker")
    (tmp_path / "empty").mkdir()
    logo = checkout.root / "deploy" / "assets-seed" / "immich-logo.svg"
    logo.write_text("still wanted", "utf-8")

    status, _, err = checkout.build("v1.2.3", "--assets", str(tmp_path / "empty"))

    assert (status, err) == (2, f"build.sh: {tmp_path}/empty has no *-logo.svg, *-logo.png or *-screenshot-*.webp\n")
    assert (logo.exists(), checkout.asked) == (True, [])


@needs_kustomize
@pytest.mark.parametrize("builder", ["docker", "buildah"])
def test_a_push_pins_the_tag_where_argocd_looks(checkout: Checkout, assets: Path, builder: str) -> None:
    checkout.program(builder)

    status, out, err = checkout.build("v9.8.7", "--push", "--assets", str(assets))

    assert (status, err) == (0, "")
    assert checkout.asked[-1] == [builder, "push", f"{IMAGE}:v9.8.7"]
    assert (
        out.splitlines()[-1] == f"Pinned v9.8.7 in {PINS} and manifests/hub.yaml: commit both, and ArgoCD deploys it."
    )
    # The synced assets are nobody's change; of the two files one line each.
    assert checkout.changed == [f" M {PINS}", " M manifests/hub.yaml"]
    assert checkout.git("diff", "--numstat") == f"1\t1\t{PINS}\n1\t1\tmanifests/hub.yaml\n"
    assert container(read(checkout.root / "manifests" / "hub.yaml"))["image"] == f"{IMAGE}:v9.8.7"
    pinned = yaml.safe_load((checkout.root / PINS).read_text("utf-8"))["images"]
    assert pinned == [{"name": "felhom-hub", "newName": IMAGE, "newTag": "v9.8.7"}]


@needs_kustomize
@pytest.mark.parametrize(("failing", "status"), [("BUILD_STATUS", 17), ("PUSH_STATUS", 19)])
def test_what_was_not_pushed_is_not_pinned(checkout: Checkout, failing: str, status: int) -> None:
    checkout.program("docker")

    found, _, _ = checkout.build("v9.8.7", "--push", **{failing: str(status)})

    assert (found, checkout.changed) == (status, [])


def test_a_dirty_tree_is_not_pushed(checkout: Checkout) -> None:
    checkout.program("docker")
    (checkout.root / "deploy" / "Dockerfile").write_text("FROM scratch\n", "utf-8")
    (checkout.root / "notes").write_text("to myself", "utf-8")

    assert checkout.build("v9.8.7", "--push") == (
        2, "", "build.sh: commit first: 2 changed or new files here are in no commit\n",
    )  # fmt: skip
    assert checkout.asked == []


@needs_kustomize
def test_an_asset_that_is_under_version_control_is_committed_first(checkout: Checkout, assets: Path) -> None:
    checkout.program("docker")
    (checkout.root / "deploy" / "assets-seed" / "immich-logo.svg").write_text("an older one", "utf-8")
    checkout.git("add", "--force", "deploy/assets-seed/immich-logo.svg")
    checkout.commit()

    status, _, err = checkout.build("v9.8.7", "--push", "--assets", str(assets))

    assert (status, err) == (2, "build.sh: commit first: 1 changed or new files here are in no commit\n")
    assert checkout.asked == []


def test_without_a_checkout_nothing_is_pushed(checkout: Checkout) -> None:
    checkout.program("docker")
    shutil.rmtree(checkout.root / ".git")

    status, _, err = checkout.build("v9.8.7", "--push", GIT_CEILING_DIRECTORIES=str(checkout.root.parent))

    assert (status, err) == (2, "build.sh: only a git checkout can be pushed: the image names its commit\n")


def test_without_kustomize_nothing_is_built_that_could_not_be_pinned(checkout: Checkout) -> None:
    checkout.program("docker")
    for name in ("kubectl", "kustomize"):
        (checkout.programs / name).unlink(missing_ok=True)

    status, _, err = checkout.build("v9.8.7", "--push")

    assert (status, err.splitlines()[-1]) == (2, "build.sh: the manifests cannot be rendered, so nothing was built")
    assert checkout.asked == []

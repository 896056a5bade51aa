"""A clone in which `build.sh` runs, with a program in the builder's place that checks what it is asked for."""

import shlex
import shutil
import subprocess
from pathlib import Path

from tests.structure.files import ROOT, tracked

# It takes what docker, podman and buildah take of what is used here, and writes down what it was asked for.
BUILDER = """\
#!/bin/sh
set -eu
echo "$(basename "$0") $*" >>"$RECORD"
fail() { echo "builder: $*" >&2; exit 125; }
case $1 in
build)
    shift
    while [ $# -gt 1 ]; do
        case $1 in
        --file) [ -f "$2" ] || fail "no file $2" ;;
        --tag | --build-arg) [ -n "$2" ] || fail "$1 wants a value" ;;
        --format) [ "$(basename "$0")" != docker ] || fail "unknown flag: --format" ;;
        *) fail "unknown flag: $1" ;;
        esac
        shift 2
    done
    [ -f "$1/.dockerignore" ] || fail "no context $1"
    ls "$1/deploy/assets-seed" >"$RECORD.seed"
    exit "${BUILD_STATUS:-0}"
    ;;
push) [ $# = 2 ] && exit "${PUSH_STATUS:-0}" || fail "push wants one image" ;;
*) fail "unknown command: $1" ;;
esac
"""
PROGRAMS = ("sh", "git", "basename", "cat", "cp", "dirname", "grep", "ls", "mktemp", "rm", "sed", "wc", "kubectl", "kustomize")  # fmt: skip  # noqa: E501
NEEDED = ("build.sh", ".dockerignore", ".gitignore", "tools/render-manifests", "deploy/", "manifests/")


class Checkout:
    """A clone of what the script needs, with programs of its own on the path."""

    def __init__(self, place: Path) -> None:
        self.root, self.programs, self.record = place / "felhom-hub", place / "bin", place / "record"
        self.programs.mkdir()
        for name in PROGRAMS:
            program = shutil.which(name)
            if program is not None:
                self.program(name, f'#!/bin/sh\nexec {shlex.quote(program)} "$@"\n')
        for path in tracked():
            name = str(path.relative_to(ROOT))
            if name.startswith(NEEDED):
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, self.root / name)
        self.git("init", "--quiet")
        self.commit()

    def program(self, name: str, text: str = BUILDER) -> None:
        (self.programs / name).write_text(text, "utf-8")
        (self.programs / name).chmod(0o755)

    def git(self, *arguments: str) -> str:
        me = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
        return subprocess.run(
            ["git", *me, *arguments], cwd=self.root, capture_output=True, text=True, check=True
        ).stdout  # fmt: skip

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "As it is")

    def build(self, *arguments: str, **variables: str) -> tuple[int, str, str]:
        own = {"PATH": str(self.programs), "RECORD": str(self.record), "HOME": str(self.root.parent)}
        done = subprocess.run(
            [self.root / "build.sh", *arguments],
            cwd=self.root.parent, env=own | variables, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    @property
    def asked(self) -> list[list[str]]:
        """What the builder was asked for."""
        return [line.split() for line in self.record.read_text("utf-8").splitlines()] if self.record.exists() else []

    @property
    def changed(self) -> list[str]:
        return self.git("status", "--porcelain").split("\n")[:-1]

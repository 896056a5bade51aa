"""The image where no builder is: the recipe's own steps, in a directory for each stage's root, and the hub run from it.

A path of the image is one below the stage's directory, in commands and variables alike. What only a builder has is left
out: the base image, for which this machine stands in, and its packages.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.deploy.dockerfile import Stage, in_context
from tests.structure.files import ROOT, tracked

USER = 10001
_PATHS = re.compile(r"(?<![\w.:/-])/(?=(?:opt|build|data|assets|etc/felhom-hub|usr/share/felhom)\b)")
# In the place of those that only root may use, where a test runs as somebody else.
_WITHOUT_ROOT = ("groupadd", "useradd", "chown")


def clean() -> dict[str, str]:
    """What a build takes over of this process's environment."""
    kept = ("PATH", "HOME", "LANG", "PIP_", "npm_config", "NPM_CONFIG", "SSL_", "REQUESTS_", "HTTP", "http", "NODE")
    return {name: value for name, value in os.environ.items() if name.startswith(kept)}


class ScratchImage:
    """The recipe's stages, performed in their order; `seed` are files of deploy/assets-seed/ beside the committed."""

    def __init__(self, place: Path, stages: tuple[Stage, ...], seed: dict[str, bytes]) -> None:
        self.place, self.final, self._seed = place, stages[-1], seed
        self._roots: dict[str, Path] = {}
        self._stand_ins = place / "stand-ins"
        self._stand_ins.mkdir()
        for name in _WITHOUT_ROOT:
            if os.geteuid() == 0 and name == "chown":
                continue
            # Real ones would make this machine's user; what they are asked for is in the recipe's own test.
            (self._stand_ins / name).write_text("#!/bin/sh\n", "ascii")
            (self._stand_ins / name).chmod(0o755)
        for number, stage in enumerate(stages):
            self.root = self._roots[stage.name or str(number)] = place / f"stage-{number}"
            self.root.mkdir()
            self._perform(stage)

    def here(self, text: str) -> str:
        """The text with the image's paths below the stage's directory."""
        return _PATHS.sub(f"{self.root}/", text)

    def files(self) -> dict[str, tuple[int, int]]:
        """Each file of the image outside of what it may write, with its size and the time of its last change."""
        found = {}
        for path in self.root.rglob("*"):
            if path.relative_to(self.root).parts[0] not in {"data", "assets"}:
                about = path.lstat()
                found[str(path.relative_to(self.root))] = (about.st_size, about.st_mtime_ns)
        return found

    def variables(self, **own: str) -> dict[str, str]:
        """The environment that the hub has in the image."""
        given = dict(re.findall(r"(\w+)=(\S+)", " ".join(self.final.all_of("ENV"))))
        own_path = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
        return (
            own_path
            | {name: self.here(value).replace("$PATH", own_path["PATH"]) for name, value in given.items()}
            | own
        )

    def command(self) -> list[str]:
        """What the image starts, its program looked for as there."""
        words: list[str] = [each for name in ("ENTRYPOINT", "CMD") for each in json.loads(self.final.all_of(name)[0])]
        entry, *arguments = words
        return [*self.as_user(), shutil.which(entry, path=self.variables()["PATH"]) or entry, *arguments]

    def as_user(self) -> list[str]:
        """Begins a command that may write /data and /assets alone: for root as user USER on a read-only mount."""
        if os.geteuid() != 0:
            return []
        kept = [str(self.root / name) for name in ("data", "assets")]
        steps = [
            f"mount --bind {self.root} {self.root}",
            *(f"mount --bind {each} {each}" for each in kept),
            f"mount -o remount,ro,bind {self.root}",
            *self._open_python(),
            f'exec setpriv --reuid {USER} --regid {USER} --clear-groups --bounding-set=-all --no-new-privs "$@"',
        ]
        return ["unshare", "--mount", "--propagation", "private", "bash", "-euc", "\n".join(steps), "bash"]

    def _open_python(self) -> Iterator[str]:
        """Where this machine's Python lies in somebody's own directory, everybody finds it there all the same."""
        python = self.root / "opt" / "felhom-hub" / "bin" / "python"
        base = Path(os.path.realpath(python)).parents[1]
        closed = next((each for each in reversed(base.parents) if not each.stat().st_mode & 0o001), None)
        if closed is not None:
            aside = self.place / "python"
            aside.mkdir(exist_ok=True)
            yield f"mount --bind {base} {aside}"
            yield f"mount -t tmpfs -o mode=755 tmpfs {closed}"
            yield f"mkdir --parents {base}"
            yield f"mount --bind {aside} {base}"

    def _perform(self, stage: Stage) -> None:
        directory = self.root
        for instruction, argument in stage.instructions:
            if instruction == "WORKDIR":
                directory = Path(self.here(argument))
                directory.mkdir(parents=True)
            elif instruction == "COPY" and argument.startswith("--from="):
                self._copy_from(argument.removeprefix("--from="))
            elif instruction == "COPY":
                *sources, target = argument.split()
                for source in sources:
                    self._copy(source, target, directory)
            elif instruction == "RUN" and "apt-get" not in argument:
                self._run(self.here(argument), directory)

    def _run(self, command: str, directory: Path) -> None:
        variables = clean() | {"PATH": f"{self._stand_ins}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-euc", f"umask 022\n{command}"],
            cwd=directory, env=variables, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"

    def _copy_from(self, argument: str) -> None:
        """What another stage made; programs that name its root name this one's, for in the image both are `/`."""
        stage, source, target = argument.split()
        before, copied = self._roots[stage], Path(self.here(target))
        shutil.copytree(before / source.lstrip("/"), copied, symlinks=True)
        for path in (copied / "bin").iterdir():
            if not path.is_symlink() and (text := path.read_bytes()).startswith(b"#!"):
                path.write_bytes(text.replace(str(before).encode(), str(self.root).encode()))

    def _copy(self, source: str, target: str, directory: Path) -> None:
        """As COPY does, of what is in the context."""
        names = in_context([str(path.relative_to(ROOT)) for path in tracked()], ROOT / ".dockerignore")
        files = {name: (ROOT / name).read_bytes() for name in names}
        files |= {f"deploy/assets-seed/{name}": content for name, content in self._seed.items()}
        is_directory = target.endswith("/") or target == "."
        for name, content in files.items():
            if source in {".", name} or name.startswith(source.rstrip("/") + "/"):
                below = name if source == "." else Path(name).name
                path = Path(directory, self.here(target), below) if is_directory else Path(directory, self.here(target))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


@contextmanager
def open_place() -> Iterator[Path]:
    """A directory that every user may look into, which pytest's own are not; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="felhom-image-") as name:
        Path(name).chmod(0o755)
        yield Path(name)

import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from felhom_hub.cli.options import config_option


@click.command()
@config_option
def show() -> None:
    click.echo(repr(os.environ.get("FELHOM_HUB_CONFIG")))


@pytest.fixture(autouse=True)
def _empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Set first, so that what the command sets is undone as well.
    monkeypatch.setenv("FELHOM_HUB_CONFIG", "")
    monkeypatch.delenv("FELHOM_HUB_CONFIG")


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(show, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_without_option_variable_and_file_nothing_is_named() -> None:
    assert shown() == "None"


def test_a_hub_yaml_in_the_current_directory_is_named() -> None:
    Path("hub.yaml").touch()
    assert shown() == "'hub.yaml'"


@pytest.mark.parametrize("variable", ["other.yaml", "missing.yaml"])
def test_the_variable_comes_before_the_current_directory(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("hub.yaml").touch()
    monkeypatch.setenv("FELHOM_HUB_CONFIG", variable)
    assert shown() == repr(variable)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("hub.yaml").touch()
    monkeypatch.setenv("FELHOM_HUB_CONFIG", "")
    assert shown() == "'hub.yaml'"


def test_the_option_comes_before_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("hub.yaml").touch()
    monkeypatch.setenv("FELHOM_HUB_CONFIG", "other.yaml")
    assert shown("--config", "mine.yaml") == "'mine.yaml'"


def test_an_empty_option_is_refused() -> None:
    result = CliRunner().invoke(show, ["--config", ""])
    assert result.exit_code == 2
    assert "Invalid value for '--config': it names no file" in result.stderr

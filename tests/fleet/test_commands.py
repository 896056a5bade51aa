from pathlib import Path

import pytest

from felhom_hub.fleet.commands import steps_of

GUIDE = Path(__file__).resolve().parents[2] / "docs/controller.md"


def commands(**members: object) -> str:
    plain: dict[str, object] = {"hub_url": "https://hub.example.hu", "is_done": False}
    return "\n".join(step.command for step in steps_of("ez-a-gep", **{**plain, **members}))  # type: ignore[arg-type]


def test_commands_name_the_customer_and_the_hub() -> None:
    typed = commands()

    assert typed.count("--hub https://hub.example.hu --customer-id ez-a-gep") == 2
    assert "  id: ez-a-gep\nhub:\n  url: https://hub.example.hu\n" in typed
    assert "HUB-ADDRESS" not in typed


def test_an_address_that_the_hub_does_not_know_is_asked_for() -> None:
    steps = steps_of("a", hub_url="", is_done=False)

    assert [step.command.count("https://HUB-ADDRESS") for step in steps] == [0, 1, 1, 1, 0]
    assert "server.public_url" in steps[1].text


@pytest.mark.parametrize(("is_done", "states"), [(False, ["now", "", "", "", ""]), (True, ["done"] * 5)])
def test_the_step_to_do_is_marked(is_done: bool, states: list[str]) -> None:
    assert [step.state for step in steps_of("a", hub_url="", is_done=is_done)] == states


def test_an_address_cannot_leave_its_place_in_the_command() -> None:
    assert "--hub 'https://a.example/$(reboot);' --customer-id" in commands(hub_url="https://a.example/$(reboot);")


def test_the_service_is_that_of_the_guide() -> None:
    guide = GUIDE.read_text("utf-8")
    unit = commands().partition("<<'END'\n")[2].partition("END\n")[0]

    assert len(unit.splitlines()) > 10
    assert [line for line in unit.splitlines() if line not in guide.splitlines()] == []

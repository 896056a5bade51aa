"""What the settings of mail say together."""

from pathlib import Path

import pytest

from felhom_hub.project.hubfile import HubFileError, load

BOTH = "notifications:\n  resend_api_key: re_key\n  smtp_host: mail.example.org\n"


@pytest.fixture
def hub_yaml(tmp_path: Path) -> Path:
    return tmp_path / "hub.yaml"


def test_one_provider_sends_the_mail(hub_yaml: Path) -> None:
    hub_yaml.write_text(BOTH, encoding="utf-8")

    with pytest.raises(HubFileError) as raised:
        load(hub_yaml, {})
    assert raised.value.problems == (
        (
            f"{hub_yaml}:3: notifications.smtp_host and notifications.resend_api_key are both set; "
            "keep the one that is to send the mail"
        ),
    )


def test_the_password_may_lie_in_a_file_and_is_not_shown(hub_yaml: Path, tmp_path: Path) -> None:
    hub_yaml.write_text("notifications: {smtp_host: mail.example.org, smtp_username: hub}\n", encoding="utf-8")
    (tmp_path / "password").write_text("hunter 2\n", encoding="utf-8")

    loaded = load(hub_yaml, {"FELHOM_HUB_NOTIFICATIONS__SMTP_PASSWORD_FILE": str(tmp_path / "password")})
    assert loaded.options.notifications.smtp_password == "hunter 2"
    assert "hunter" not in repr(loaded)

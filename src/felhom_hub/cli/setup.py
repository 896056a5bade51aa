"""What a command does before it imports the hub's rooms."""

import os


def set_up() -> None:
    """Logging and Django are ready, with the settings that `--config` named; HubFileError where they are impossible."""
    import django  # noqa: PLC0415 - `felhom-hub --help` needs no Django

    from felhom_hub.project.logs import configure_logs  # noqa: PLC0415 - likewise

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "felhom_hub.project.settings")
    configure_logs()
    django.setup()


def forget_settings() -> None:
    """No setting of the environment is left: one could lead a command astray that has its own, perhaps to real data."""
    for name in [name for name in os.environ if name.startswith("FELHOM_HUB_")]:
        del os.environ[name]

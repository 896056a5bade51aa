"""What is typed on a customer's server until it reports. Pure."""

from dataclasses import dataclass, replace
from shlex import quote
from typing import Literal

KEY_FILE = "/etc/felhom-controller/key"
# Stands where the hub does not know its own address.
NO_ADDRESS = "https://HUB-ADDRESS"

_UNIT = """\
cat > /etc/systemd/system/felhom-controller.service <<'END'
[Unit]
Description=Reports this machine to a felhom hub
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=/usr/local/bin/felhom-controller run {target}
LoadCredential=key:{key_file}
Environment=FELHOM_CONTROLLER_KEY_FILE=%d/key
DynamicUser=yes
StateDirectory=felhom-controller
Restart=on-failure
NoNewPrivileges=yes
ProtectSystem=strict

[Install]
WantedBy=multi-user.target
END
systemctl enable --now felhom-controller"""

State = Literal["done", "now", ""]


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `command` is empty where nothing is typed, `state` says whether it is done or the one to do now."""

    title: str
    text: str
    command: str = ""
    state: State = ""


def steps_of(customer_id: str, *, hub_url: str, is_done: bool) -> list[Step]:
    """The steps of one customer in order; all are done where it has reported, else the first is the one to do."""
    address = hub_url or NO_ADDRESS
    target = f"--hub {quote(address)} --customer-id {quote(customer_id)}"
    missing = "" if hub_url else " The hub does not know its own address (server.public_url): write it for HUB-ADDRESS."
    steps = [
        Step(
            "Log in as root and store the key",
            "On Debian with felhom-controller in /usr/local/bin. Run this, paste the Hub API key of Credentials, press "
            "Enter, then Ctrl+D.",
            f"install -d -m 700 {quote(KEY_FILE.rpartition('/')[0])}\ninstall -m 600 /dev/stdin {KEY_FILE}",
        ),
        Step(
            "Send one report",
            f"It says why when the hub does not take it.{missing}",
            f"felhom-controller run {target} --key-file {KEY_FILE} --state-dir /tmp/felhom-controller --once",
        ),
        Step(
            "Start it with the server",
            "It reports at its start and every 15 min after that.",
            _UNIT.format(target=target, key_file=KEY_FILE),
        ),
        Step(
            "With a controller.yaml instead",
            "A controller that reads one takes the same from there; the key is the Hub API key of Credentials.",
            f"customer:\n  id: {customer_id}\nhub:\n  url: {address}\n  api_key: HUB-API-KEY",
        ),
        Step("Wait for the first report", "It comes within 15 min after the start. This page changes by itself."),
    ]
    if is_done:
        return [replace(step, state="done") for step in steps]
    return [replace(steps[0], state="now"), *steps[1:]]

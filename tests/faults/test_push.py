"""The hub is killed in the middle of a push: nothing is pushed twice by itself, and it says that it does not know."""

import re
import socket
import threading
from collections.abc import Callable
from urllib.parse import urlencode

from tests.build import report_body
from tests.servers.clients import Answer
from tests.servers.hub import Hub
from tests.servers.recorder import answering, running_recorder

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BOX = "/customers/kiss-foto"
STATES = "SELECT kind, state FROM boxes_call ORDER BY id"


def pressed(hub: Hub, path: str, **fields: str) -> Answer:
    """The button of a page; nobody has to sign in to this hub."""
    form = "application/x-www-form-urlencoded"
    return hub.post(path, urlencode(fields).encode(), key=None, Content_Type=form)


def test_kill_9_in_the_middle_of_a_push(new_hub: Callable[..., Hub]) -> None:
    taken, killed = threading.Event(), threading.Event()

    def hold(connection: socket.socket) -> None:
        """The controller has the file, and the hub does not live to hear so."""
        taken.set()
        killed.wait(60)
        connection.close()

    settings = {
        "auth.password_hash": "",
        "controllers.allow_http": True,
        "controllers.allowed_networks": "127.0.0.0/8",
    }
    hub = new_hub(settings=settings)
    with running_recorder() as controller:
        controller.then = hold
        hub.start()
        form = {"customer_id": "kiss-foto", "name": "Kiss", "domain": "kiss.example.hu", "email": "kiss@example.hu"}
        assert pressed(hub, "/configs/new", **form).status == 303
        url = f"http://127.0.0.1:{controller.port}"
        assert hub.post("/api/v1/report", report_body(customer_id="kiss-foto", controller_url=url)).status == 200
        assert pressed(hub, f"{BOX}/confirm-host", controller_url=url).status == 303
        assert pressed(hub, f"{BOX}/push").status == 303
        assert taken.wait(30), hub.log[-2000:]
        assert hub.rows(STATES) == [("push", "running")]
        hub.kill()
        killed.set()

        pushes = bytes(controller.received).count(b"POST /api/config/apply")
        controller.then = answering(OK)
        # As if the leases' minutes had gone by.
        hub.execute("UPDATE boxes_call SET lease_until = 1")
        hub.execute("UPDATE base_job SET lease_until = NULL WHERE name = 'boxes.carry_out_calls'")
        hub.start()
        hub.wait_until(lambda: hub.rows(STATES) == [("push", "uncertain")], "the push to be noted as interrupted")
        page = hub.get(BOX, key=None).body.decode()
        assert "Whether it was done is not known" in page
        assert (pushes, bytes(controller.received).count(b"POST /api/config/apply")) == (1, 1)

        assert pressed(hub, f"{BOX}/push").status == 303
        hub.wait_until(lambda: hub.rows(STATES)[-1] == ("push", "done"), "the second push to be done")
        assert bytes(controller.received).count(b"POST /api/config/apply") == 2
        key = re.findall(rb"Bearer (\S+)", bytes(controller.received))[0]
        assert key.decode() not in hub.log
        details = [detail for (detail,) in hub.rows("SELECT detail FROM operators_auditentry ORDER BY id")]
        assert any(detail.startswith("push uncertain: ") for detail in details)

import http.client
import json
import threading
from datetime import UTC, datetime
from pathlib import Path

from felhom_controller.blueprint import build_fleet, config_of
from felhom_controller.boxes import FleetBoxes
from felhom_controller.server import ControllerServer
from felhom_controller.synthetic import report_at

FLEET = build_fleet(1, 3)


def _boxes(directory: Path) -> FleetBoxes:
    return FleetBoxes(FLEET, directory, base_url="http://127.0.0.1:1", key_of=lambda customer_id: f"key-{customer_id}")


def test_a_machine_starts_with_the_configuration_whose_hash_it_reports(tmp_path: Path) -> None:
    boxes = _boxes(tmp_path)
    found = boxes.find("/kiss-foto/api/config")
    assert found is not None
    box, path = found
    assert (box.key, box.config.read(), path) == ("key-kiss-foto", config_of(FLEET[0].persona), "/api/config")
    dealt = boxes.dealt(FLEET[0])
    assert (dealt.controller_url, dealt.config_hash) == ("http://127.0.0.1:1/kiss-foto", FLEET[0].config_hash)


def test_unknown_machines_are_not_found(tmp_path: Path) -> None:
    boxes = _boxes(tmp_path)
    assert [boxes.find(path) for path in ("/", "/kiss-foto", "/nobody/api/config", "/../kiss-foto/x")] == [None] * 4


def test_an_update_shows_as_the_next_patch(tmp_path: Path) -> None:
    boxes = _boxes(tmp_path)
    before = report_at(FLEET[0], datetime.now(UTC)).controller_version
    assert before is not None
    found = boxes.find("/kiss-foto/api/selfupdate/update")
    assert found is not None
    found[0].request_update()
    stem, _, patch = before.rpartition(".")
    assert boxes.dealt(FLEET[0]).controller_version == f"{stem}.{int(patch) + 1}"
    assert boxes.dealt(FLEET[1]).controller_version is None


def test_a_machine_runs_the_version_that_its_hub_wants_and_is_not_asked_again(tmp_path: Path) -> None:
    boxes = _boxes(tmp_path)
    doer = boxes.doer(FLEET[0])
    assert (doer.customer_id, doer.key(), doer.asked_for) == ("kiss-foto", "key-kiss-foto", None)

    doer.update_to("v9.9.9")

    assert boxes.dealt(FLEET[0]).controller_version == "v9.9.9"
    assert boxes.doer(FLEET[0]).asked_for == "v9.9.9"
    assert boxes.doer(FLEET[1]).asked_for is None


def test_a_hub_applies_a_configuration_to_one_machine_of_many(tmp_path: Path) -> None:
    boxes = _boxes(tmp_path)
    content = b"customer: {id: papp-boraszat}\n"
    with ControllerServer(("127.0.0.1", 0), boxes.find) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        statuses = []
        for key in ("key-kiss-foto", "key-papp-boraszat"):
            connection = http.client.HTTPConnection("127.0.0.1", int(server.server_address[1]), timeout=20)
            headers = {"Authorization": f"Bearer {key}"}
            connection.request("POST", "/papp-boraszat/api/config/apply", content, headers)
            answer = connection.getresponse()
            statuses.append((answer.status, json.loads(answer.read())["ok"]))
            connection.close()
        server.shutdown()
        thread.join()
    assert statuses == [(401, False), (200, True)]
    hashes = [boxes.dealt(machine).config_hash == machine.config_hash for machine in FLEET]
    assert hashes == [True, False, True]


def test_a_machine_goes_by_the_key_that_its_configuration_brought_and_the_others_by_theirs(tmp_path: Path) -> None:
    boxes = _boxes(tmp_path)
    found = boxes.find("/kiss-foto/api/config")
    assert found is not None

    found[0].config.apply(b"customer: {id: kiss-foto}\nhub: {api_key: rotated}\n")

    again = boxes.find("/kiss-foto/api/config")
    assert again is not None
    assert (again[0].key, boxes.doer(FLEET[0]).key(), boxes.key_of("kiss-foto")) == ("rotated",) * 3
    assert boxes.key_of("papp-boraszat") == "key-papp-boraszat"


def test_machines_that_no_hub_reaches_keep_their_address(tmp_path: Path) -> None:
    boxes = FleetBoxes(FLEET, tmp_path, base_url=None, key_of=lambda _customer_id: "key")

    assert boxes.dealt(FLEET[0]).controller_url == report_at(FLEET[0], datetime.now(UTC)).controller_url

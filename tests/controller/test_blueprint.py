import hashlib

from ruamel.yaml import YAML

from felhom_controller.blueprint import build_fleet, build_machine, config_of


def test_a_fleet_begins_with_the_machines_of_a_smaller_one() -> None:
    assert build_fleet(1, 5) == build_fleet(1, 30)[:5]


def test_every_machine_runs_the_apps_that_the_troubles_name() -> None:
    for machine in build_fleet(1, 48):
        names = [plan.app.name for plan in machine.plans]
        assert names[:2] == ["immich", "nextcloud"]
        assert len(set(names)) == len(names)
        assert 8 <= len(names) <= 11


def test_the_reported_hash_is_that_of_the_configuration() -> None:
    machine = build_machine(1, 0)
    content = config_of(machine.persona)
    assert machine.config_hash == hashlib.sha256(content).hexdigest()
    assert YAML(typ="safe", pure=True).load(content)["customer"] == {
        "id": "kiss-foto",
        "name": "Kiss Fotóstúdió",
        "domain": "kiss-foto.example.hu",
    }

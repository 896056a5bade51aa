from felhom_controller.apps import APPS


def test_names_of_apps_and_containers_are_unique() -> None:
    containers = [part.name for app in APPS for part in app.containers]
    assert len({app.name for app in APPS}) == len(APPS)
    assert len(set(containers)) == len(containers)


def test_an_app_fits_into_its_limit() -> None:
    for app in APPS:
        usual = sum(part.memory_mb for part in app.containers)
        assert usual < app.limits_mb[1]
        assert app.limits_mb[0] < app.limits_mb[1]

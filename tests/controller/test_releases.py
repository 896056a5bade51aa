from felhom_controller.releases import updates_within, version_at
from felhom_controller.troubles import DAY, Behaviour, Window

NOW = 1_773_320_400.0  # 12 March 2026, 13:00 UTC
NEW, OLD = Behaviour(), Behaviour(dialect="v0.21")


def test_versions_only_rise_and_carry_one_v() -> None:
    patches = [int(version_at(NEW, 3, NOW + day * DAY).removeprefix("v0.30.")) for day in range(200)]
    assert patches == sorted(patches)
    assert patches[-1] - patches[0] in {9, 10}


def test_before_the_first_release_there_is_the_first_version() -> None:
    assert version_at(NEW, 0, 0.0) == "v0.30.0"


def test_old_controllers_stay_old() -> None:
    assert version_at(OLD, 0, NOW) == version_at(OLD, 0, NOW + 400 * DAY) == "v0.21.1"
    assert updates_within(OLD, 0, Window(NOW, NOW + 400 * DAY)) == []


def test_an_update_is_where_the_version_changes() -> None:
    for moment, version in updates_within(NEW, 7, Window(NOW, NOW + 100 * DAY)):
        assert version_at(NEW, 7, moment) == version
        assert version_at(NEW, 7, moment - 1) != version
    assert len(updates_within(NEW, 7, Window(NOW, NOW + 105 * DAY))) == 5

import pytest
from tests.legacy.go_hub import VERSIONS, Version

from felhom_hub.project.go_hub import go_hub_problem, is_of_go_hub


@pytest.mark.django_db
def test_the_hubs_own_database_has_no_problem() -> None:
    assert go_hub_problem() == ""


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_the_go_hubs_is_recognised_by_its_tables(version: Version) -> None:
    assert is_of_go_hub(version.tables.keys())
    assert not is_of_go_hub([*version.tables, "django_migrations"])


@pytest.mark.parametrize("tables", [[], ["events"], ["users", "posts"]])
def test_an_empty_one_and_somebody_elses_are_not(tables: list[str]) -> None:
    assert not is_of_go_hub(tables)

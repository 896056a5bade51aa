from felhom_hub.events.catalogue import ALIASES, CATALOGUE
from felhom_hub.events.outcomes import BACKUP, CROSSDRIVE_BACKUP, DB_DUMP, INTEGRITY_CHECK


def test_what_counts_as_done_is_what_the_contract_names() -> None:
    assert BACKUP.done == {"backup_completed", "backup_success", "backup_ok"}
    assert DB_DUMP.done == {"db_dump_completed", "dbdump_completed", "dbdump_success", "db_dump_ok"}
    assert BACKUP.failed == {"backup_failed"}
    assert DB_DUMP.failed == {"db_dump_failed"}


def test_outcomes_are_types_of_the_catalogue_or_their_aliases() -> None:
    for outcomes in (BACKUP, DB_DUMP, CROSSDRIVE_BACKUP, INTEGRITY_CHECK):
        assert outcomes.done - set(ALIASES) <= set(CATALOGUE)
        assert outcomes.failed <= set(CATALOGUE)
        assert not outcomes.done & outcomes.failed

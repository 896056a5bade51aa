import re
from collections.abc import Iterator

import pytest
import structlog

from felhom_controller.cli.logs import configure_logging

LINE = re.compile(r"timestamp=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) (.*)\n")


@pytest.fixture(autouse=True)
def _configuration_as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_entry_is_one_line_on_standard_error_with_its_time_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()

    structlog.get_logger("felhom_controller.outbox").warning("event_refused", reason="no\nsuch type", status=422)

    written = capsys.readouterr()
    line = LINE.fullmatch(written.err)
    assert line is not None, written.err
    assert (written.out, line[2]) == ("", r'level=warning event=event_refused reason="no\nsuch type" status=422')

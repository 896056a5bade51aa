"""What a process writes to its standard error; each test starts one, since logging is set up once in a process."""

import json
import os
import pty
import subprocess
import sys
from typing import Any

import pytest

PRELUDE = """
import logging, structlog
from felhom_hub.project.logs import configure_logs
configure_logs()
log = structlog.get_logger("hub")
"""


def lines_of(code: str) -> list[dict[str, Any]]:
    """The log's lines, each as its document."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PRELUDE + code], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def on_a_terminal(code: str) -> str:
    """What a person at a terminal sees."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen([sys.executable, "-W", "error", "-c", PRELUDE + code], stderr=theirs)
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 65536):
                shown += chunk
        except OSError:  # so Linux says that the other side is closed
            pass
        assert process.wait() == 0
        return shown.decode()
    finally:
        os.close(ours)


def test_a_line_is_one_document_with_time_level_and_origin() -> None:
    (line,) = lines_of("log.warning('database_unavailable', reason='locked', refused=3)")

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "database_unavailable",
        "level": "warning",
        "logger": "hub",
        "reason": "locked",
        "refused": 3,
    }


def test_what_is_logged_for_a_request_has_its_id_whoever_logs_it() -> None:
    ours, theirs, neither = lines_of(
        "from felhom_hub.base.current import request_id\n"
        "before = request_id.set('3f-a09c')\n"
        "log.info('ours')\n"
        "logging.getLogger('theirs').warning('theirs')\n"
        "request_id.reset(before)\n"
        "log.info('neither')"
    )

    assert (ours["request_id"], theirs["request_id"]) == ("3f-a09c", "3f-a09c")
    assert "request_id" not in neither


def test_libraries_speak_in_the_same_form() -> None:
    (line,) = lines_of("logging.getLogger('some.library').warning('seen %d of %s', 3, 'five')")

    assert (line["event"], line["level"], line["logger"]) == ("seen 3 of five", "warning", "some.library")


def test_what_is_merely_interesting_is_left_out() -> None:
    lines = lines_of(
        "log.debug('a'); log.info('b')\n"
        "for name in ('uvicorn.access', 'uvicorn.error', 'django.server'): logging.getLogger(name).info('c')\n"
        "logging.getLogger('django.request').warning('d')"
    )

    assert [line["event"] for line in lines] == ["b"]


def test_no_text_can_begin_a_line_of_its_own() -> None:
    text = 'a\r\n{"event": "b"}\x85\u2028\u2029\x0b\x1b[31m'

    found = lines_of(f"log.warning({text!r}, path={text!r}); logging.getLogger('library').error('%s', {text!r})")

    assert [line["event"] for line in found] == [text, text]
    assert found[0]["path"] == text


def test_a_traceback_stays_within_its_line() -> None:
    (line,) = lines_of("try: 1 / 0\nexcept ZeroDivisionError: log.exception('job_failed', job='prune')")

    assert (line["event"], line["job"], line["level"]) == ("job_failed", "prune", "error")
    assert line["exception"].splitlines()[-1] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    "fields",
    [
        "password='s3cret'",
        "retrieval_password='s3cret'",
        "passphrase='s3cret'",
        "session_secret='s3cret'",
        "cf_api_token='s3cret'",
        "API_KEY='s3cret'",
        "authorization='s3cret'",
        "cookie='s3cret'",
        "password=['s3cret']",
        "header='Bearer s3cret'",
        "header='authorization: bearer   s3cret'",
        "headers={'Authorization': 's3cret'}",
        "headers={'x': 'Bearer s3cret'}",
        "request={'headers': [('a', {'Cookie': 's3cret'})]}",
        "sent=['Bearer s3cret', ('Bearer s3cret',)]",
    ],
)
def test_no_secret_is_written(fields: str) -> None:
    line = lines_of(f"log.info('asked', {fields})")[0]

    assert "s3cret" not in json.dumps(line)
    assert "…" in json.dumps(line, ensure_ascii=False)


def test_no_secret_is_written_in_a_sentence_or_a_traceback() -> None:
    lines = lines_of(
        "logging.getLogger('urllib3').warning('sent %s', 'Authorization: Bearer s3cret')\n"
        "try: raise ValueError('Bearer s3cret is wrong')\nexcept ValueError: log.exception('failed')"
    )

    assert [line["event"] for line in lines] == ["sent Authorization: Bearer …", "failed"]
    assert "s3cret" not in json.dumps(lines)


def test_what_is_no_secret_stays_as_it_is() -> None:
    (line,) = lines_of("log.info('asked', path='/api/v1/report', found={'names': ['a', 'b'], 'count': 2}, ok=True)")

    assert (line["path"], line["found"], line["ok"]) == ("/api/v1/report", {"names": ["a", "b"], "count": 2}, True)


def test_at_a_terminal_a_person_reads_lines_and_tracebacks() -> None:
    shown = on_a_terminal(
        "log.info('hub_started', port=8080)\ntry: 1 / 0\nexcept ZeroDivisionError: log.exception('x')"
    )

    assert "hub_started" in shown
    assert "8080" in shown
    assert "ZeroDivisionError: division by zero" in shown
    assert "UserWarning" not in shown
    assert "Logging error" not in shown

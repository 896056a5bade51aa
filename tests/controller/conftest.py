"""What several tests of the controller share."""

from collections.abc import Iterator

import pytest
from tests.controller.loopback import LoopbackHub, running_hub


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with running_hub() as running:
        yield running

from felhom_hub.project.openapi.boxes import OPERATIONS


def test_the_limits_are_those_of_the_code() -> None:
    operation, _ = OPERATIONS

    assert operation.security == "passphrase"
    assert "10 wrong retrieval passwords within 15 minutes" in operation.refusals[429]
    assert "or 90 within a day from anywhere" in operation.refusals[429]

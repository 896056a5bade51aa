import pytest

from felhom_hub.notify.chips import Chip, chips_of, finding_of
from felhom_hub.notify.message_log import COUNTED, Counts, View

SENT, SKIPPED = ("sent", "operator", "email"), ("skipped", "customer", "email")
FAILED, WAITS = ("failed", "operator", "email"), ("queued", "operator", "email")
SOME = Counts((FAILED, *[SENT] * 40, *[SKIPPED] * 19, WAITS))


@pytest.mark.parametrize(
    ("counts", "period", "heading", "tab"),
    [
        (SOME, "24h", "1 of 61 messages failed in the last 24 h", "1 failed"),
        (Counts((FAILED,)), "7d", "1 of 1 message failed in the last 7 days", "1 failed"),
        (Counts((SENT, SENT)), "90d", "No message failed in the last 90 days", "none failed"),
        (Counts(()), "24h", "No message in the last 24 h", "none"),
        (
            Counts((FAILED, *[SENT] * COUNTED)),
            "24h",
            "1 of the newest 2,000 messages of the last 24 h failed",
            "1 failed",
        ),
        (
            Counts((SENT,) * (COUNTED + 1)),
            "24h",
            "None of the newest 2,000 messages of the last 24 h failed",
            "none failed",
        ),
    ],
)
def test_the_finding_is_a_sentence_with_numbers(counts: Counts, period: str, heading: str, tab: str) -> None:
    finding = finding_of(View(period=period), counts)

    assert (finding.heading, finding.tab) == (heading, tab)


def test_the_sentence_below_leaves_out_what_there_is_not() -> None:
    assert finding_of(View(), SOME).sentence == "40 sent, 19 skipped with a reason, 1 waiting, 1 failed."
    assert finding_of(View(), Counts((SENT,))).sentence == "1 sent."


def test_a_chip_narrows_and_pressed_again_widens() -> None:
    chips = {chip.label: chip for chip in chips_of(View(result="failed", period="7d"), SOME)}

    assert list(chips) == ["All", "Failed", "Waiting", "Skipped", "Sent", "Operator", "Customer"]
    assert chips["Failed"] == Chip("Failed", "down", "1", "/notifications?period=7d", is_current=True)
    operator = "/notifications?result=failed&audience=operator&period=7d"
    assert chips["Operator"] == Chip("Operator", "", "42", operator, is_current=False)
    assert chips["All"] == Chip("All", "", "61", "/notifications?period=7d", is_current=False)
    assert chips_of(View(), Counts(()))[1].is_zero


def test_channels_have_chips_where_there_are_several() -> None:
    both = Counts((SENT, ("sent", "operator", "webhook")))

    assert [chip.label for chip in chips_of(View(), both)][-2:] == ["Mail", "Webhook"]
    assert [chip.label for chip in chips_of(View(channel="webhook"), Counts(()))][-1] == "Webhook"


def test_what_nobody_asked_for_is_offered_of_one_customer() -> None:
    chip = chips_of(View(customer="kiss-anna"), SOME)[-1]

    assert (chip.label, chip.count) == ("Not asked for", "")
    assert chip.path == "/notifications?result=unasked&customer=kiss-anna"
    assert chips_of(View(customer="kiss-anna", result="unasked"), SOME)[-1].is_current


def test_what_was_not_counted_to_its_end_says_so() -> None:
    assert chips_of(View(), Counts((SENT,) * (COUNTED + 1)))[0].count == "2,000+"

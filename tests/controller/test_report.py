from felhom_controller.report import REPORT_VERSION, Report, Storage, System, encode, readable


def test_what_is_not_known_is_left_out_and_zero_is_not() -> None:
    report = Report(version=REPORT_VERSION, customer_id="a", system=System(swap_percent=0.0, uptime_seconds=0))
    assert encode(report) == b'{"version":1,"customer_id":"a","system":{"swap_percent":0.0,"uptime_seconds":0}}'


def test_half_a_character_is_shown_as_a_question_mark() -> None:
    report = Report(REPORT_VERSION, "a", storage=[Storage("k\udcfcls\u0151", "/mnt/k\udcfcls\u0151", percent=4.0)])
    assert readable(report) == Report(
        REPORT_VERSION, "a", storage=[Storage("k?ls\u0151", "/mnt/k?ls\u0151", percent=4.0)]
    )


def test_a_report_that_can_be_read_is_left_as_it_is() -> None:
    report = Report(REPORT_VERSION, "a", customer_name="Kiss Fot\u00f3st\u00fadi\u00f3")
    assert readable(report) is report

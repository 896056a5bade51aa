from felhom_controller.report import REPORT_VERSION, Report, System, encode


def test_what_is_not_known_is_left_out_and_zero_is_not() -> None:
    report = Report(version=REPORT_VERSION, customer_id="a", system=System(swap_percent=0.0, uptime_seconds=0))
    assert encode(report) == b'{"version":1,"customer_id":"a","system":{"swap_percent":0.0,"uptime_seconds":0}}'

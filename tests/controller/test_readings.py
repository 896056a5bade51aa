from felhom_controller.readings import activity_at, local_timestamp, noise_of, offset_seconds, utc_text

WINTER, SUMMER = 1_773_320_400, 1_782_910_800  # 12 March and 1 July 2026, 13:00 UTC


def test_noise_belongs_to_its_seed_and_stays_in_bounds() -> None:
    assert noise_of(1) != noise_of(2)
    assert all(-1_000 <= value <= 1_000 for value in noise_of(1))


def test_budapest_has_winter_and_summer_time() -> None:
    assert (offset_seconds(WINTER // 3_600), offset_seconds(SUMMER // 3_600)) == (3_600, 7_200)


def test_times_are_written_as_rfc_3339() -> None:
    assert local_timestamp(WINTER + 0.25, 250_000_017) == "2026-03-12T14:00:00.250000017+01:00"
    assert utc_text(SUMMER) == "2026-07-01T13:00:00Z"


def test_a_business_rests_on_sunday_and_a_family_does_not() -> None:
    sunday = WINTER + 3 * 86_400
    assert activity_at(sunday, is_business=True) < activity_at(WINTER, is_business=True) / 2
    assert activity_at(sunday, is_business=False) == activity_at(WINTER, is_business=False)

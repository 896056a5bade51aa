from felhom_hub.simulation import sizes


def test_the_long_form_is_a_year_of_a_thousand_nodes_and_the_others_are_smaller() -> None:
    assert (sizes.LONG.nodes, sizes.LONG.days) == (1000, 365)
    assert sizes.FAULTLESS.days == 365
    assert sizes.HUB_OFF_NODES == 5000
    for size in (sizes.SHORT, sizes.ABLATION):
        assert size.nodes * size.days < sizes.LONG.nodes * sizes.LONG.days / 50

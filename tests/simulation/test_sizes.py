"""docs/alert-truth.md was rendered from a run of the sizes, the seed and the mix that the code has."""

import re

from tests.structure.files import ROOT

from felhom_hub.simulation import document, sizes

WRITTEN = (ROOT / "docs/alert-truth.md").read_text(encoding="utf-8")


def test_the_document_is_of_the_seed_and_sizes_of_the_code() -> None:
    assert re.findall(r"Seed \*\*(\d+)\*\*", WRITTEN) == [str(sizes.SEED)]
    assert f"simulate --long --seed {sizes.SEED} --write-docs docs/alert-truth.md\n" in WRITTEN
    for words, size in (
        ("- the year: ", sizes.LONG),
        ("- the ablation: ", sizes.ABLATION),
        ("the short form: ", sizes.SHORT),
    ):
        assert f"{words}{document.size_words(size)}" in WRITTEN
    for count in (sizes.HUB_OFF_NODES, sizes.HALF_CUT_NODES, sizes.MAIL_AWAY_NODES, sizes.FAULTLESS.nodes):
        assert f"{count:,} nodes" in WRITTEN


def test_the_document_has_the_mix_of_the_code() -> None:
    assert "\n".join(document.fault_lines()) in WRITTEN


def test_the_long_form_is_a_year_of_a_thousand_nodes_and_the_others_are_smaller() -> None:
    assert (sizes.LONG.nodes, sizes.LONG.days) == (1000, 365)
    assert sizes.FAULTLESS.days == 365
    assert sizes.HUB_OFF_NODES == 5000
    for size in (sizes.SHORT, sizes.ABLATION):
        assert size.nodes * size.days < sizes.LONG.nodes * sizes.LONG.days / 50

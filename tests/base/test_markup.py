import pytest
from django.template import engines

from felhom_hub.base.markup import without_layout


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("<ul>\n  <li>\n    a\n  </li>\n\n</ul>\n", "<ul>\n<li>\na\n</li>\n</ul>\n"),
        ("{% if a %}\n  <b>a</b>\n{% else %}\n  c\n{% endif %}\n", "{% if a %}<b>a</b>\n{% else %}c\n{% endif %}"),
        (
            "{% load hub %}{% for a in b %}\n{{ a }}\n{% endfor %}",
            "{% load hub %}{% for a in b %}{{ a }}\n{% endfor %}",
        ),
        ("<b>a</b>\n<i>b</i>", "<b>a</b>\n<i>b</i>\n"),
        ("{% icon 'x' %}\ntext", "{% icon 'x' %}\ntext\n"),
        ("{% include 'a.html' %}\n", "{% include 'a.html' %}\n"),
    ],
)
def test_layout_of_the_source_is_not_sent(source: str, sent: str) -> None:
    assert without_layout(source) == sent


def test_all_templates_are_loaded_so() -> None:
    # frame/footer.html is found by the app loader, and every template is compiled once.
    engine = engines["django"].engine  # type: ignore[attr-defined]  # the protocol does not name it

    assert [type(loader).__module__ for loader in engine.template_loaders] == ["django.template.loaders.cached"]
    assert [type(loader).__module__ for loader in engine.template_loaders[0].loaders] == ["felhom_hub.base.markup"]

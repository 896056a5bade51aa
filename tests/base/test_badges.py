from django.template.loader import render_to_string

from felhom_hub.base.badges import Badge
from felhom_hub.project.navigation import ENTRIES


def test_badges_stand_at_their_entries_alone_and_are_counted_once() -> None:
    asked = []

    def badges() -> list[Badge]:
        asked.append(1)
        return [Badge("/recovery", 2, "others"), Badge("/events", 1204, "things")]

    html = render_to_string(
        "frame/navigation.html", {"navigation": [(entry, False) for entry in ENTRIES], "badges": badges}
    )

    assert html.count('class="nb"') == 2
    assert 'Events<span class="nb" title="1,204 things">' in html
    assert 'Recovery<span class="nb" title="2 others">' in html
    assert asked == [1]

"""The scanner finds what a reader meets, and nothing else."""

import pytest

from tests.web.refused_words import refused_in, visible_text

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "html",
    [
        "<p>Een kwetsbaar huishouden</p>",
        "<p>Vier vragers</p>",
        "<p>de aanvrager belt</p>",
        "<p>probleemhuishouden</p>",
        "<p>27 huishoudens, 2 te\n veel</p>",
        "<p>Het complex is <b>vol</b>.</p>",
        "<p>Mixscore 8, complexscore 7</p>",
        "<p>ongeschikte kandidaat</p>",
        "<p>Dragers: 5</p>",
        "<p>reguliere verhuring</p>",
        "<p>4 onbekend</p>",
        "<p>Geen uitspraak</p>",
        "<p>a vulnerable tenant</p>",
        '<input placeholder="zoek een drager">',
        '<svg role="img" aria-label="te veel"></svg>',
        "<svg><title>onbekend: 4</title></svg>",
        '<td data-label="Score">8</td>',
        '<input type="submit" value="Scoren">',
    ],
)
def test_a_refused_word_is_found_wherever_it_is_seen_or_heard(html):
    assert len(refused_in(html)) >= 1


@pytest.mark.parametrize(
    "html",
    [
        "<p>Het advies volgt. Volgende week, volledig, Vollenhove.</p>",
        '<p class="vol score drager">goed</p>',
        '<a href="/vragers/">goed</a>',
        "<style>.zwak{}</style><script>var score = 1</script>",
        "<p>te veelzijdig; zwakte nee</p>".replace("zwakte nee", "ja"),
        "<p>Aanvraag zonder plek, boven de band, eerst vragen</p>",
        '<input type="hidden" value="regulier">',
    ],
)
def test_words_that_only_look_like_it_are_left_alone(html):
    assert refused_in(html) == []


def test_it_shows_the_words_around_the_one_it_found():
    found = refused_in("<p>Dit complex zit vol, zegt de computer.</p>")
    assert found == ["Dit complex zit vol, zegt de computer."]


def test_visible_text_joins_text_and_labels():
    assert visible_text('<p>a <b aria-label="x">b</b></p>') == "a x b"

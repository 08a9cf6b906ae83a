"""The catalogue tool finds every message and every way in which its Dutch can be wrong."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from tools import catalogues

PAGE = """{% load i18n %}<p title="don't">{% translate "Hello" %}</p>
   <b>{% blocktranslate count n=n trimmed %}
      {{ n }} place
 {% plural %}
      {{ n }} places
   {% endblocktranslate %}</b> {{ name|default:_("nobody") }}
"""
CODE = """from django.utils.translation import gettext_lazy as _, pgettext_lazy

DUE = _("Due on %(day)s")
MONTH = pgettext_lazy("month", "May")
"""
DUTCH = {
    'msgid "Hello"\nmsgstr ""': 'msgid "Hello"\nmsgstr "Hallo"',
    'msgid "nobody"\nmsgstr ""': 'msgid "nobody"\nmsgstr "niemand"',
    'msgid "May"\nmsgstr ""': 'msgid "May"\nmsgstr "mei"',
    'msgid "Due on %(day)s"\nmsgstr ""': 'msgid "Due on %(day)s"\nmsgstr "Uiterlijk %(day)s"',
    'msgstr[0] ""': 'msgstr[0] "%(n)s plek"',
    'msgstr[1] ""': 'msgstr[1] "%(n)s plekken"',
}


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a complete catalogue of a small package."""
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(PAGE)
    (tmp_path / "words.py").write_text(CODE)
    path = tmp_path / "locale/nl/LC_MESSAGES/django.po"
    catalogues.update(path)
    for empty, filled in DUTCH.items():
        replace(path, empty, filled)
    catalogues.update(path)
    return path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_complete_catalogue_passes_and_speaks_dutch(catalogue: Path) -> None:
    assert catalogues.check(catalogue) == []
    with catalogue.with_suffix(".mo").open("rb") as file:
        dutch = gettext.GNUTranslations(file)
    assert dutch.gettext("nobody") == "niemand"
    assert dutch.pgettext("month", "May") == "mei"
    assert dutch.ngettext("%(n)s place", "%(n)s places", 3) == "%(n)s plekken"


def test_updating_twice_changes_nothing(catalogue: Path) -> None:
    before = catalogue.read_bytes(), catalogue.with_suffix(".mo").read_bytes()
    catalogues.update(catalogue)
    assert (catalogue.read_bytes(), catalogue.with_suffix(".mo").read_bytes()) == before


def test_a_new_message_is_found(catalogue: Path) -> None:
    catalogues.package_of(catalogue).joinpath("more.py").write_text('_("Later")\n')
    assert "new message 'Later'" in catalogues.check(catalogue)[0]


def test_a_message_that_is_gone_is_found(catalogue: Path) -> None:
    catalogues.package_of(catalogue).joinpath("words.py").unlink()
    assert len([line for line in catalogues.check(catalogue) if "no longer used" in line]) == 2


def test_an_empty_plural_is_found(catalogue: Path) -> None:
    replace(catalogue, 'msgstr[1] "%(n)s plekken"', 'msgstr[1] ""')
    assert any("no Dutch for ('%(n)s place'" in line for line in catalogues.check(catalogue))


def test_a_guess_of_the_translator_is_found(catalogue: Path) -> None:
    replace(catalogue, 'msgid "Hello"', '#, fuzzy\nmsgid "Hello"')
    assert any("no Dutch for 'Hello'" in line for line in catalogues.check(catalogue))


def test_a_placeholder_with_another_name_is_found(catalogue: Path) -> None:
    replace(catalogue, "Uiterlijk %(day)s", "Uiterlijk %(dag)s")
    assert any("placeholder" in line for line in catalogues.check(catalogue))


def test_a_compiled_form_that_is_behind_is_found(catalogue: Path) -> None:
    replace(catalogue, '"Hallo"', '"Goedendag"')
    assert catalogues.check(catalogue) == [
        "locale/nl/LC_MESSAGES/django.po: the compiled form is out of date"
    ]

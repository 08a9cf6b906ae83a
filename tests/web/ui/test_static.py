"""What ships to the browser is what we say it is, and nothing is left over."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client

import mixwijzer.web
from mixwijzer.web.ui.templatetags.ui import icon_names

pytestmark = pytest.mark.once

WEB = Path(mixwijzer.web.__file__).parent
STATIC = WEB / "ui" / "static" / "ui"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
FEATURES = [
    each for each in (*TEMPLATES, *sorted(WEB.rglob("*.py"))) if "gallery" not in each.parts
]
SHEET = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(encoding="utf-8"), flags=re.DOTALL)
MANIFEST = json.loads((STATIC / "vendor" / "MANIFEST.json").read_text(encoding="utf-8"))


def test_every_vendored_file_is_the_one_in_the_manifest():
    listed = {entry["file"] for entry in MANIFEST}
    on_disk = {
        path.relative_to(STATIC).as_posix()
        for path in (STATIC / "vendor").iterdir()
        if path.name != "MANIFEST.json"
    }
    assert listed == on_disk | {"icons.svg"}
    for entry in MANIFEST:
        digest = hashlib.sha256((STATIC / entry["file"]).read_bytes()).hexdigest()
        assert digest == entry["sha256"], entry["file"]
        assert entry["licence"] in {"OFL-1.1", "ISC"}
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])


def test_every_font_file_is_used_and_every_used_file_ships():
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    used = set(re.findall(r'url\("([^"]+)"\)', tokens))
    assert used == {entry["file"] for entry in MANIFEST if entry["file"].endswith(".woff2")}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_brings_looks_or_behaviour_of_its_own(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|hx-vals=.js:", source)
    for script in re.findall(r"<script([^>]*)>([^<]*)", source):
        assert "src=" in script[0]
        assert not script[1].strip()
    assert not re.search(r'(?:src|href)="https?://', source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_icon_a_template_names_is_on_the_sheet(path):
    named = set(re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8")))
    assert named <= icon_names()


def test_every_colour_and_size_of_the_sheet_is_a_token():
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    defined = set(re.findall(r"(--[\w-]+):", tokens))
    used = set(re.findall(r"var\((--[\w-]+)", SHEET))
    assert used <= defined
    within = set(re.findall(r"var\((--[\w-]+)", tokens))
    assert defined - used - within == set(), "a token nobody uses"


def test_every_class_of_the_sheet_is_shown_in_the_gallery_or_named_by_a_feature(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.web.ui.pages"
    settings.UI_SITUATION = "tests.web.ui.pages.consultant"
    reader = Client()
    shown = "".join(
        reader.get(address).content.decode()
        for address in ("/", "/ui/gallery/entrance/", "/ui/gallery/public/", "/nowhere/")
    )
    warning = {"level_tag": "warning"}
    shown += render_to_string("ui/messages.html", {"messages": [warning]})
    classes = {name for value in re.findall(r'class="([^"]*)"', shown) for name in value.split()}
    styled = {
        name
        for selector in re.findall(r"([^{}]+)\{", SHEET)
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", selector)
    }
    sources = "".join(path.read_text(encoding="utf-8") for path in FEATURES)
    named = {name for name in styled - classes if re.search(rf"[\"' ]{name}[\"' {{]", sources)}
    assert styled - classes - named == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_names_a_class_that_the_sheet_does_not_know(path):
    source = re.sub(r"\{[%{#].*?[%}#]\}", " ", path.read_text(encoding="utf-8"))
    named = {name for value in re.findall(r'class="([^"]*)"', source) for name in value.split()}
    finished = {name for name in named if not name.endswith("-")}  # the rest comes from a value
    assert finished - set(re.findall(r"\.([a-zA-Z][\w-]*)", SHEET)) == set()


def test_the_script_is_a_module_without_dependencies_or_evaluation():
    script = (STATIC / "app.js").read_text(encoding="utf-8")
    assert not re.search(r"\beval\b|new Function|innerHTML|document\.write|\bimport\b", script)

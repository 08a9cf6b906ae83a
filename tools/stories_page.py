# ruff: noqa: E501 - a row of a table is one line
"""Write the handbook's page of stories from the stories themselves, with what the advice says.

`python -m tools.stories_page` writes it, `... check` says whether it is up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.stories import StoryOutcome, outcomes
from mixwijzer.exchange.wording import error_text, explain
from tools.reference import kept

ROOT = Path(__file__).resolve().parents[1]
STORIES = ROOT / "tests" / "stories"
PAGE = ROOT / "docs" / "handleiding" / "verhalen.md"

FILES = {
    "ruimte.yaml": "Ruimte, krap, eerst vragen, geen ruimte",
    "grenzen.yaml": "Welke grens houdt het tegen?",
    "weten.yaml": "Wat weten we, en wat niet?",
    "verhuizing.yaml": "Rond een verhuizing",
}

INTRODUCTION = """\
# Verhalen: wat u van het advies mag verwachten

Een verhaal is een situatie in een paar regels en het advies dat daarbij hoort. Lees ze zoals u een
casus leest: zou u hetzelfde zeggen? Zo nee, dan klopt een norm niet, of het rekenen niet, of het
verhaal niet. Elke versie van Mixwijzer speelt ze allemaal na.

Schrijf uw eigen verhalen: zet ze in een bestand of map en laat ze naspelen.

```console
$ mixwijzer story tests/stories
klopt: ...
```

## Hoe u een verhaal schrijft

| woord | wat er kan staan |
|---|---|
| `verhaal`, `uitleg`, `vandaag` | de titel, waarom, en de dag waarop wordt gevraagd |
| `complex` | `woningen` (of `portieken: {A: 8, B: 8}`), `leeg`, `profiel`, `plafonds`, `oordelen`, `telling`, `rollen`, `gegevens`, `toegezegd`, `vullen_tot` |
| `profiel` | per groep `minstens`, `streven`, `hoogstens` (35 %), of het woord `standaard` |
| `oordelen` | `op`, `door`, `kent` (vrijwel iedereen · de meeste · een deel), `bij_opzegging`, en per groep laagst, waarschijnlijk, hoogst: `aandacht: [4, 6, 8]` |
| `buurt`, `elders` | een profiel voor de buurt; andere complexen, met `afstand` in meters en `open` vacatures |
| `vacature` | `opzegging`, `vrij_vanaf`, `publicatie`, `kamers`, `huur`, `portiek`, `vertrekt`, `ook_open`, `buiten_verhuur` |
| `gronden` | `weg`, `bron`, `tot`: waarop een weg rust |
| `verwacht` | per groep het antwoord, of `antwoord`, `omdat`, `krapst`, `uitzondering`, `verandert`; verder `aanbevolen`, `zonder_grond`, `elders`, `open_vacatures`, `geldig_tot`, `fout` |

De groepen heten hier `aandacht`, `overig` en `actief`. Wat u niet noemt, mag alles zijn. Een woord dat
hier niet staat, wordt geweigerd.
"""


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    found = list(outcomes(STORIES, read_norms()))
    for file, title in FILES.items():
        mine = [each for each in found if each.story.file == file]
        texts = _texts(STORIES / file)
        parts.append(f"## {title}\n")
        parts += [_story(each, text) for each, text in zip(mine, texts, strict=True)]
    return "\n".join(parts)


def _texts(path: Path) -> list[str]:
    """Return each story of a file as it is written."""
    pieces = path.read_text(encoding="utf-8").split("\n- verhaal:")
    return ["- verhaal:" + piece.removeprefix("- verhaal:").rstrip() for piece in pieces]


def _story(outcome: StoryOutcome, text: str) -> str:
    return f"""\
### {outcome.story.story}

```yaml
{text}
```

{_advice(outcome)}
"""


def _advice(outcome: StoryOutcome) -> str:
    if outcome.advice is None:
        refusal = error_text(outcome.error, "nl") if outcome.error else ""
        return f"Mixwijzer zegt: *{refusal}*"
    told = explain(outcome.advice, "nl")
    lines = [f"- {each.name}: *{each.headline}*" for each in told.categories]
    return "\n".join(["Mixwijzer zegt:\n", *lines])


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is up to date."""
    return kept(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

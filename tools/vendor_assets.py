"""Copy browser files out of `assets/node_modules` into the package; for developers only.

    cd assets && npm ci && cd .. && python tools/vendor_assets.py

The result is committed, so that installing needs no Node. `MANIFEST.json` says where every file
comes from and under which licence; a test hashes the files again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "assets" / "node_modules"
STATIC = ROOT / "src" / "mixwijzer" / "web" / "ui" / "static" / "ui"
VENDOR = STATIC / "vendor"

FONT = "@fontsource-variable/inter"
FONT_FILES = ("inter-latin-wght-normal.woff2", "inter-latin-ext-wght-normal.woff2")
LUCIDE = "lucide-static"
ICONS = (
    "arrow-left arrow-right arrow-right-left bell building-2 calendar chart-no-axes-combined check "
    "chevron-down chevron-right circle-alert circle-check circle-question-mark clipboard-check "
    "clock door-open download ellipsis-vertical external-link eye file-text filter flag footprints "
    "gauge git-branch handshake history hourglass house info key-round languages layout-dashboard "
    "lightbulb list lock log-out mail map map-pin menu message-circle minus octagon-x pencil "
    "phone plus printer refresh-cw rotate-ccw scale search send settings shield-check shuffle "
    "sliders-horizontal smartphone target trending-up triangle-alert undo-2 upload user "
    "user-plus users wifi-off x"
).split()
SHAPE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def main() -> None:
    """Write the fonts, the icon sheet, their licences and the manifest."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    (STATIC / "icons.svg").write_text(icon_sheet(), encoding="utf-8")
    entries = [entry(STATIC / "icons.svg", LUCIDE)]
    for name in FONT_FILES:
        shutil.copyfile(MODULES / FONT / "files" / name, VENDOR / name)
        entries.append(entry(VENDOR / name, FONT))
    for package, name in ((FONT, "inter.LICENSE"), (LUCIDE, "lucide.LICENSE")):
        shutil.copyfile(MODULES / package / "LICENSE", VENDOR / name)
        entries.append(entry(VENDOR / name, package))
    manifest = json.dumps(entries, indent=2) + "\n"
    (VENDOR / "MANIFEST.json").write_text(manifest, encoding="utf-8")


def icon_sheet() -> str:
    """Return one SVG with a symbol per icon, in the line width of this product."""
    package = described(LUCIDE)
    symbols = "\n".join(symbol(name) for name in sorted(ICONS))
    return (
        f"<!-- Icons from {LUCIDE} {package['version']}, {package['license']} licence, "
        "see vendor/lucide.LICENSE -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    )


def symbol(name: str) -> str:
    """Return one icon as a symbol."""
    source = (MODULES / LUCIDE / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    found = SHAPE.search(source)
    if found is None:
        raise SystemExit(f"{name}.svg holds no drawing")
    shapes = " ".join(found.group(1).split())
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
    )


def entry(path: Path, package: str) -> dict[str, str]:
    """Return the manifest's line about one file."""
    about = described(package)
    return {
        "file": path.relative_to(STATIC).as_posix(),
        "package": package,
        "version": about["version"],
        "licence": about["license"],
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def described(package: str) -> dict[str, str]:
    """Return what a package says about itself."""
    text = (MODULES / package / "package.json").read_text(encoding="utf-8")
    about: dict[str, str] = json.loads(text)
    return about


if __name__ == "__main__":
    main()

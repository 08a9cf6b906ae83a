"""How is SVG written, and which marks do several charts share?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape

from mixwijzer.web.ui.charts._places import LEFT, RIGHT, Slots
from mixwijzer.web.ui.charts._values import Counted, Words


def svg(cls: str, height: int, words: Words, body: Iterable[str]) -> str:
    said = tag("title", escape(words.title)) + tag("desc", escape(words.description))
    return tag("svg", said + "".join(body), cls=cls, width="100%", height=height, role="img")


def tag(element: str, inside: str = "", /, **attributes: object) -> str:
    """Write one element; `cls` becomes class, an underscore a hyphen; `inside` is trusted."""
    written = "".join(
        f' {_attribute(name)}="{_written(value)}"' for name, value in attributes.items()
    )
    if not inside and element not in {"text", "title", "desc"}:
        return f"<{element}{written}/>"
    return f"<{element}{written}>{inside}</{element}>"


@cache
def _attribute(name: str) -> str:
    return "class" if name == "cls" else name.replace("_", "-")


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return escape(value) if isinstance(value, str) else str(value)


def percent(value: float) -> str:
    return f"{value:.2f}%"


def band(counted: Counted, slots: Slots, *, y: float, height: float) -> str:
    """Draw the tint of what was agreed; nothing where no band holds."""
    if counted.at_most is None and counted.at_least is None:
        return ""
    begin = LEFT if counted.at_least is None else slots.edge(counted.at_least)
    end = RIGHT if counted.at_most is None else slots.edge(counted.at_most + 1)
    begin, end = max(LEFT, begin), min(RIGHT, end)
    if begin >= end:
        return ""
    return tag(
        "rect",
        cls="ch-band",
        x=percent(begin),
        y=y,
        width=percent(end - begin),
        height=height,
        rx=3,
    )


def patterns() -> str:
    """Return the hatches every chart refers to; a page holds them once, before its charts."""
    hatches = "".join(
        tag(
            "pattern",
            tag("rect", cls=f"pt-{name}", width=size, height=size)
            + tag("rect", cls=f"pt-{name}-line", width=line, height=size),
            id=f"pt-{name}",
            width=size,
            height=size,
            patternUnits="userSpaceOnUse",
            patternTransform=f"rotate({turn})",
        )
        for name, size, line, turn in (
            ("likely", 5, 2.1, 45),
            ("wide", 7, 1.2, 45),
            ("regular", 9, 1.3, 45),
            ("unclear", 6, 1, -45),
        )
    )
    dots = "".join(tag("circle", cls="pt-attention-dot", cx=at, cy=at, r=1.1) for at in (2.5, 7.5))
    dotted = tag(
        "pattern",
        tag("rect", cls="pt-attention", width=10, height=10) + dots,
        id="pt-attention",
        width=10,
        height=10,
        patternUnits="userSpaceOnUse",
    )
    return tag(
        "svg",
        tag("defs", hatches + dotted),
        cls="ch-patterns",
        width=0,
        height=0,
        aria_hidden="true",
        focusable="false",
    )

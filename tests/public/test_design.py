"""The design's promises that can be counted: contrast in both themes, a shape for each word of time."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from pledges.deadlines.timeliness import Timeliness

TEXT = ("ink", "soft", "link", "late", "soon", "met", "calm")
THEMES = {"light": 0, "dark": 1}


def css() -> str:
    path = finders.find("public/site.css")
    assert isinstance(path, str)
    return Path(path).read_text(encoding="utf-8")


def tokens(theme: str) -> dict[str, str]:
    """Return the colours of a theme, by name."""
    roots = re.findall(r":root \{(.*?)\}", css(), re.DOTALL)
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", roots[THEMES[theme]]))


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "tint"])
def test_text_and_controls_stand_out_as_wcag_asks(theme: str, ground: str) -> None:
    colours = tokens(theme)
    weak = {name: contrast(colours[name], colours[ground]) for name in TEXT}
    assert {name: ratio for name, ratio in weak.items() if ratio < 4.5} == {}
    for name in ("field", "focus"):
        assert contrast(colours[name], colours[ground]) >= 3, name


def test_control_the_measure_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_each_word_of_time_has_a_shape_of_its_own() -> None:
    shapes = {}
    for value in Timeliness:
        found = re.search(rf"\.mark-{value}::before \{{(.*?)\}}", css())
        shapes[value] = found[1].strip() if found else "square"
    assert len(set(shapes.values())) == len(Timeliness), shapes

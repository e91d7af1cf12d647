"""A badge: one line in a small picture, measured without knowing the reader's fonts."""

import unicodedata
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import get_language_bidi

from pledges.deadlines.timeliness import Timeliness
from pledges.readings import isolated
from tracker.public.feeds import printable

from .lettering import unbroken

# In units of the picture, which are CSS pixels where it is shown in its own size.
HEIGHT = 24
PADDING = 9
LETTER = 12
LONGEST_NAME = 48
# Widths in parts of the letter's height, as in Verdana, the widest of the usual fonts: what is
# narrower leaves a little more room on both sides, and nothing is ever cut off.
NARROW, MIDDLE, BROAD, FULL = 0.4, 0.66, 0.95, 1.1
# White on each of them, and each beside the ink of the name, passes WCAG's 4.5 to 1 by far.
INK = "#23211d"
CALM = "#3b4d63"
FILLS = {
    Timeliness.OVERDUE: "#97190f",
    Timeliness.LONG_OVERDUE: "#97190f",
    Timeliness.DUE_SOON: "#7c4700",
    Timeliness.MET_ON_TIME: "#175a38",
    Timeliness.MET_LATE: "#175a38",
}


@dataclass(frozen=True)
class Part:
    """A filled box with words in its middle."""

    text: str
    start: int
    width: int
    fill: str

    @property
    def middle(self) -> int:
        return self.start + self.width // 2


@dataclass(frozen=True)
class Badge:
    """The name and how it stands, side by side in the order in which the language is read."""

    title: str
    width: int
    parts: tuple[Part, ...]
    height: int = HEIGHT


def draw(name: str, words: str, *, title: str, timeliness: Timeliness | None) -> Badge:
    """Draw a badge in the active language. A long name is cut; `title` says all of it."""
    shown = Truncator(printable(" ".join(unbroken(name)))).chars(LONGEST_NAME)
    texts = [(isolated(shown), INK), (printable(words), FILLS.get(timeliness, CALM) if timeliness else CALM)]
    if get_language_bidi():
        texts.reverse()
    parts: list[Part] = []
    start = 0
    for text, fill in texts:
        parts.append(Part(text, start, room_for(text), fill))
        start += parts[-1].width
    return Badge(title=printable(title), width=start, parts=tuple(parts))


def room_for(text: str) -> int:
    """Return the width of a box that holds `text` in any usual font."""
    return round(sum(map(_width, text)) * LETTER) + 2 * PADDING


def _width(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return FULL
    if letter in " .,:;'|!ijlftI·":
        return NARROW
    if letter in "mwMW@%—" or unicodedata.category(letter) in ("So", "Co"):
        return BROAD
    return MIDDLE + 0.1 if letter.isupper() else MIDDLE

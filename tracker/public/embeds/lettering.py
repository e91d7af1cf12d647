"""The letters of a drawn picture: which can be written, how wide words are, where a text breaks.

SVG breaks no lines. So words are shaped here, joined as Arabic letters join, with the font that draws them.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz

FOLDER = Path(__file__).parent / "fonts"
FAMILY = "Pledge Card"
REGULAR, BOLD = FOLDER / "PledgeCard-Regular.ttf", FOLDER / "PledgeCard-Bold.ttf"
UNITS = 1000  # to the height of a letter, in both fonts
ELLIPSIS = "…"
# Where a line may break: not within "10 000", nor before a French ":".
BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
# No picture has room for more, and to measure it all would cost time.
MOST_LETTERS = 1000


@dataclass(frozen=True)
class Block:
    """A text in lines; `is_whole` unless something had to be left out, `is_end_cut` if that was its end."""

    lines: tuple[str, ...]
    is_whole: bool = True
    is_end_cut: bool = False


def unbroken(text: str) -> list[str]:
    """Return what no line is broken within."""
    return [word for word in BREAKS.split(text) if word]


@dataclass(frozen=True)
class Hand:
    """How a text is written: the height of its letters, in units of the picture, and their weight."""

    size: int
    is_bold: bool = False

    def width(self, text: str) -> float:
        return _units(text, self.is_bold) * self.size / UNITS

    def block(self, text: str, *, room: int, most: int) -> Block:
        """Break `text` into at most so many lines no wider than `room`; if it is longer, cut it at a word."""
        words = unbroken(text[:MOST_LETTERS])
        lines = self._lines(words, room)
        shown = self._balanced(words, room, lines) if len(lines) <= most else lines[:most]
        is_end_cut = len(lines) > most or len(text) > MOST_LETTERS
        if is_end_cut:
            shown[-1] = self._shortened(shown[-1], room)
        fitting = tuple(line if self.width(line) <= room else self._cut(line, room) for line in shown)
        is_whole = not is_end_cut and fitting == tuple(shown)
        return Block(fitting, is_whole, is_end_cut=is_end_cut or fitting[-1:] != tuple(shown[-1:]))

    def _lines(self, words: list[str], room: int) -> list[str]:
        lines: list[str] = []
        for word in words:
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _balanced(self, words: list[str], room: int, lines: list[str]) -> list[str]:
        """Return as many lines, and none of them with a single word where the others have many."""
        rooms = range(room // 2, room)
        narrowest = bisect_left(rooms, True, key=lambda each: len(self._lines(words, each)) <= len(lines))
        return self._lines(words, rooms[narrowest]) if narrowest < len(rooms) else lines

    def _shortened(self, line: str, room: int) -> str:
        """Leave out words from the end until an ellipsis has room."""
        while " " in line and self.width(line + ELLIPSIS) > room:
            line = line.rpartition(" ")[0]
        return line.rstrip(" .,;:،؛") + ELLIPSIS

    def _cut(self, word: str, room: int) -> str:
        """Cut a single word that no line has room for."""
        letters = word.rstrip(ELLIPSIS)
        while letters and self.width(letters + ELLIPSIS) > room:
            letters = letters[:-1]
        return letters + ELLIPSIS


def can_write(text: str) -> bool:
    """Whether there is a letter for every sign of `text`; what has none would be drawn as a box."""
    font = _font(False)
    return all(letter.isspace() or font.get_nominal_glyph(ord(letter)) for letter in text)


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs to the left."""
    strong = (kind for each in text if (kind := unicodedata.bidirectional(each)) in ("L", "R", "AL"))
    return next(strong, "L") != "L"


@cache
def _font(is_bold: bool) -> uharfbuzz.Font:
    blob = uharfbuzz.Blob.from_file_path(str(BOLD if is_bold else REGULAR))
    return uharfbuzz.Font(uharfbuzz.Face(blob))


def _units(text: str, is_bold: bool) -> int:
    """Return the width of a line in units of the font: the sum of its words, each shaped by itself."""
    font = _font(is_bold)
    words = text.split(" ")
    space: int = font.get_glyph_h_advance(font.get_nominal_glyph(ord(" ")))
    return sum(_shaped(word, font) for word in words) + space * (len(words) - 1)


@lru_cache(maxsize=4096)
def _shaped(word: str, font: uharfbuzz.Font) -> int:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    # No positions, rather than none of them, where there are no letters.
    return sum(int(position.x_advance) for position in buffer.glyph_positions or ())

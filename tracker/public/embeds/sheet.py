"""The sheet of a share picture: what stands where. It knows no record, only texts and their places."""

from collections.abc import Iterator
from dataclasses import dataclass

from .lettering import FAMILY, Block, Hand, is_right_to_left

# What messengers and networks show without cutting. Units of the picture are its pixels.
WIDTH, HEIGHT = 1200, 630
MARGIN = 64
ROOM = WIDTH - 2 * MARGIN
TOP, BAND = 112, 430
INK, SOFT, PAPER, WHITE = "#1d1b17", "#5a554a", "#fcfbf7", "#ffffff"
# The largest in which the words fit is taken; at the smallest they are shortened.
WORDS, STATE, LINE, SMALL = (56, 48, 42, 37, 33), (48, 42, 36, 30), (29, 26, 24), (25, 23)
LEADING = 1.38
# Isolated, with the direction named: a full stop at its end must not go to the other side.
FROM_LEFT, FROM_RIGHT, END = "\u2066", "\u2067", "\u2069"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The texts of a picture. All but `words` are in the language of the page, which `is_mirrored` or not."""

    site: str
    kind: str
    words: str
    # What is put around the words: quotation marks, where they are a quotation.
    marks: tuple[str, str] = ("", "")
    title: str = ""
    who: str = ""
    state: str
    fill: str
    due: str = ""
    as_of: str
    remarks: tuple[str, ...] = ()
    is_mirrored: bool = False

    family = FAMILY
    width, height, band = WIDTH, HEIGHT, BAND
    paper = PAPER

    def lines(self) -> "list[Line]":
        """Return every line with its place, those first that are read first."""
        return [*self._head(), *self._words(), *self._below(), *self._band()]

    def _head(self) -> "Iterator[Line]":
        yield from self._row(74, self.site, LINE, ROOM * 2 // 3, SOFT, is_bold=True)
        yield from self._row(74, self.kind, LINE, ROOM // 3, SOFT, at_end=True)

    def _words(self) -> "Iterator[Line]":
        runs_left = is_right_to_left(self.words)
        bottom = BAND - 34 - (44 if self.who else 0) - (46 if self.title else 0)
        before, after = self.marks
        hand, block = fitted(f"{before}{self.words}{after}", WORDS, ROOM, bottom - TOP)
        y = TOP
        for number, text in enumerate(block.lines, start=1):
            y += round(hand.size * LEADING)
            missing = after if block.is_end_cut and number == len(block.lines) else ""
            yield placed(text + missing, y, hand, INK, runs_left=runs_left)

    def _below(self) -> "Iterator[Line]":
        yield from self._row(BAND - 34 - (46 if self.who else 0), self.title, LINE, ROOM, INK, is_bold=True)
        yield from self._row(BAND - 34, self.who, LINE, ROOM, SOFT)

    def _band(self) -> "Iterator[Line]":
        yield from self._row(BAND + 66, self.state, STATE, ROOM, WHITE, is_bold=True)
        yield from self._row(BAND + 112, self.due, LINE, ROOM // 2, WHITE)
        yield from self._row(BAND + 112, self.as_of, SMALL, ROOM // 2, WHITE, at_end=bool(self.due))
        for y, remark in zip((BAND + 150, BAND + 184), self.remarks, strict=False):
            yield from self._row(y, remark, SMALL, ROOM, WHITE)

    def _row(
        self,
        y: int,
        text: str,
        sizes: tuple[int, ...],
        room: int,
        fill: str,
        *,
        is_bold: bool = False,
        at_end: bool = False,
    ) -> "Iterator[Line]":
        """Yield a text of the page's language on one line, at the side where reading starts or `at_end`."""
        hand, block = fitted(text, sizes, room, is_bold=is_bold)
        for line in block.lines:
            yield placed(line, y, hand, fill, runs_left=self.is_mirrored, at_end=at_end)


@dataclass(frozen=True)
class Line:
    """A line with its place. `anchor` says which of its ends stands at `x`, left or right as start or end."""

    text: str
    x: int
    y: int
    anchor: str
    hand: Hand
    fill: str

    @property
    def weight(self) -> int:
        return 700 if self.hand.is_bold else 400


def fitted(
    text: str, sizes: tuple[int, ...], room: int, height: int = 0, *, is_bold: bool = False
) -> tuple[Hand, Block]:
    """Write `text` in the largest of `sizes` in which all of it fits; one line always has room."""
    written = (_written(text, Hand(size, is_bold), room, height) for size in sizes)
    return next((found for found in written if found[1].is_whole), None) or _written(
        text, Hand(sizes[-1], is_bold), room, height
    )


def _written(text: str, hand: Hand, room: int, height: int) -> tuple[Hand, Block]:
    return hand, hand.block(text, room=room, most=max(1, int(height // (hand.size * LEADING))))


def placed(text: str, y: int, hand: Hand, fill: str, *, runs_left: bool, at_end: bool = False) -> Line:
    is_right = runs_left != at_end
    words = f"{FROM_RIGHT if runs_left else FROM_LEFT}{text}{END}"
    return Line(words, WIDTH - MARGIN if is_right else MARGIN, y, "end" if is_right else "start", hand, fill)

"""What came of the pledges that fell due in each year, as stacked columns. Pure: no queries, no clock.

Places across are shares of the width and heights are pixels; see timeline_svg.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from .outcomes import LABELS, Outcome
from .timeline_svg import percent

# So many years stand beside each other on a narrow phone with their names legible.
MOST_COLUMNS = 7
# Few columns are not drawn wider than these would be.
LEAST_SLOTS = 5
YEARS_AHEAD = 2
HEIGHT = 180
# Room above for a total, and the share of its slot that a column fills.
TOP, FILLED = 18, 0.7
# A figure is written into what is at least so high, and has at most so many digits.
LEGIBLE, MOST_DIGITS = 16, 3


@dataclass(frozen=True)
class Segment:
    """A part of a column; `y` is its upper edge."""

    outcome: Outcome
    count: int
    y: int
    height: int

    @property
    def label(self) -> str:
        return str(LABELS[self.outcome])

    @property
    def has_figure(self) -> bool:
        return self.height >= LEGIBLE and len(str(self.count)) <= MOST_DIGITS

    @property
    def figure_y(self) -> int:
        return self.y + self.height // 2 + 5


@dataclass(frozen=True)
class Column:
    """One year, or all before or after it; `name` is short, `words` says it in full."""

    name: str
    words: str
    counts: Counter[Outcome]
    segments: tuple[Segment, ...]
    left: float
    width: float

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def x(self) -> str:
        return percent(self.left)

    @property
    def middle(self) -> str:
        return percent(self.left + self.width / 2)

    @property
    def broad(self) -> str:
        return percent(self.width)

    @property
    def top(self) -> int:
        return min((segment.y for segment in self.segments), default=TOP + HEIGHT)


@dataclass(frozen=True)
class Series:
    """One outcome over all columns, and last of those that stand in none: the row of the table."""

    outcome: Outcome
    label: str
    counts: tuple[int, ...]
    undated: int

    @property
    def is_drawn(self) -> bool:
        return any(self.counts)


@dataclass(frozen=True, kw_only=True)
class Chart:
    columns: tuple[Column, ...]
    series: tuple[Series, ...]
    undated: int
    base: int = TOP + HEIGHT
    height: int = TOP + HEIGHT + 24


def chart(counts: Mapping[int | None, Counter[Outcome]], *, this_year: int, is_mirrored: bool) -> Chart:
    """Lay out counts by year; under None those that fell due in none, which the table alone tells."""
    undated = counts.get(None, Counter())
    years = window([year for year in counts if year is not None], this_year)
    folded = _folded(counts, years)
    highest = max((each.total() for each in folded), default=1)
    columns = [_column(place, years, counts, each, highest, is_mirrored) for place, each in enumerate(folded)]
    series = [
        Series(each, str(LABELS[each]), tuple(column[each] for column in folded), undated[each])
        for each in Outcome
    ]
    return Chart(
        columns=tuple(columns),
        series=tuple(row for row in series if row.is_drawn or row.undated),
        undated=undated.total(),
    )


def window(years: Iterable[int], this_year: int) -> range:
    """Return the years that get a column of their own: the last ones, but none far ahead."""
    known = sorted(years)
    if not known:
        return range(0)
    last = max(min(known[-1], this_year + YEARS_AHEAD), known[0])
    return range(max(known[0], last - MOST_COLUMNS + 1), last + 1)


def _folded(counts: Mapping[int | None, Counter[Outcome]], years: range) -> list[Counter[Outcome]]:
    """Return the counts of each column; what lies outside is added to the first or the last."""
    folded: list[Counter[Outcome]] = [Counter() for _ in years]
    for year, found in counts.items():
        if year is not None:
            folded[min(max(year, years[0]), years[-1]) - years[0]].update(found)
    return folded


def _column(
    place: int,
    years: range,
    counts: Mapping[int | None, Counter[Outcome]],
    found: Counter[Outcome],
    highest: int,
    is_mirrored: bool,
) -> Column:
    slot = 100 / max(len(years), LEAST_SLOTS)
    width = slot * FILLED
    left = slot * place + (slot - width) / 2
    name, words = _names(years[place], years, [year for year in counts if year is not None])
    return Column(
        name=name,
        words=words,
        counts=found,
        segments=tuple(_segments(found, highest)),
        left=100 - left - width if is_mirrored else left,
        width=width,
    )


def _names(year: int, years: range, known: list[int]) -> tuple[str, str]:
    if year == years[0] and min(known) < year:
        return f"≤ {year}", gettext("%(year)s and before") % {"year": year}
    if year == years[-1] and max(known) > year:
        return f"≥ {year}", gettext("%(year)s and after") % {"year": year}
    return str(year), str(year)


def _segments(found: Counter[Outcome], highest: int) -> Iterable[Segment]:
    """Pile up from the axis; edges are rounded, not heights, so that nothing gapes or overlaps."""
    below = 0
    for each in Outcome:
        if count := found[each]:
            foot, head = (TOP + HEIGHT - round(HEIGHT * n / highest) for n in (below, below + count))
            yield Segment(each, count, head, foot - head)
            below += count

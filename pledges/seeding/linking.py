"""Checks inside one seed file: names given once, and every name that is used given."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .problems import Problem
from .shapes import PledgeRow, Row, SeedFile


def unlinked(seeds: SeedFile) -> Iterator[Problem]:
    """Every name in `seeds` that is given twice, or used and not given."""
    yield from _twice(seeds.sources, "id")
    yield from _twice(seeds.sources, "url")
    yield from _twice(seeds.bodies, "slug")
    yield from _twice(seeds.cases, "slug")
    sources = {row.id for row in seeds.sources}
    for case in seeds.cases:
        yield from _unknown(case, "sources", case.sources, sources, "source")
    for pledge in seeds.pledges:
        yield from _unknown(pledge, "case", [pledge.case], {c.slug for c in seeds.cases}, "case")
        yield from _unknown(pledge, "bodies", pledge.bodies, {b.slug for b in seeds.bodies}, "body")
        yield from _unlinked_in(pledge, sources)


def _unlinked_in(pledge: PledgeRow, sources: set[str]) -> Iterator[Problem]:
    yield from _unknown(pledge, "source", [pledge.source], sources, "source")
    yield from _unknown(pledge, "other_sources", pledge.other_sources, sources, "source")
    for deadline in (pledge.deadline, *pledge.moves):
        yield from _unknown(deadline, "source", filter(None, [deadline.source]), sources, "source")
    named = [row for row in pledge.updates if row.id]
    yield from _twice(named, "id")
    updates = {row.id for row in named}
    for update in pledge.updates:
        yield from _unknown(update, "sources", update.sources, sources, "source")
    for assessment in pledge.assessments:
        yield from _unknown(assessment, "sources", assessment.sources, sources, "source")
        yield from _unknown(assessment, "updates", assessment.updates, updates, "update")


def _twice(rows: Sequence[Row], name: str) -> Iterator[Problem]:
    counts = Counter(getattr(row, name) for row in rows)
    seen: set[str] = set()
    for row in rows:
        value = getattr(row, name)
        if counts[value] > 1 and value in seen:
            yield row.place.problem(name, f"“{value}” is given twice. Keep one entry.")
        seen.add(value)


def _unknown(row: Row, name: str, used: Iterable[str], given: set[str], noun: str) -> Iterator[Problem]:
    for value in used:
        if value not in given:
            yield row.place.problem(name, f"No {noun} “{value}” in this file. Add it, or mend the name.")

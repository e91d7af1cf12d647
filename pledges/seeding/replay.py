"""One seed row after another through the writers; what is recorded already is only compared."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, cast

from django.db import models

from pledges import record
from pledges.models import Assessment, Body, Case, Deadline, Pledge, Source, Update
from pledges.models.choices import DeadlineKind, Publication

from .comparing import pair
from .desk import Desk
from .problems import telling
from .shapes import (
    AssessmentRow,
    BodyRow,
    CaseRow,
    DeadlineRow,
    MoveRow,
    PledgeRow,
    Row,
    SeedFile,
    SourceRow,
)
from .wordings import replay_entries, replay_wordings

TERMS = tuple(one.name for one in fields(record.DeadlineTerms) if not one.name.startswith("rule"))
OF_UPDATE = ("kind", "happened_on", "happened_on_precision", "text", "language")
OF_ASSESSMENT = ("status", "effective_on", "reason")


@dataclass(frozen=True)
class Subjects:
    """What the pledges of one file may name, by its name there."""

    bodies: dict[str, Body]
    cases: dict[str, Case]
    sources: dict[str, Source]

    def named(self, ids: Iterable[str]) -> list[Source]:
        return [self.sources[name] for name in ids]


def replay_subjects(file: SeedFile, desk: Desk) -> Subjects:
    sources = {row.id: _source(row, desk) for row in file.sources}
    bodies = {row.slug: _body(row, desk) for row in file.bodies}
    for body in file.bodies:
        replay_wordings(bodies[body.slug], body, body.translations, desk)
    subjects = Subjects(bodies=bodies, cases={}, sources=sources)
    for row in file.cases:
        subjects.cases[row.slug] = _case(row, subjects, desk)
        replay_wordings(subjects.cases[row.slug], row, row.translations, desk)
    return subjects


def _values(row: Row, *left_out: str) -> dict[str, Any]:
    skipped = {"place", *left_out}
    return {one.name: getattr(row, one.name) for one in fields(row) if one.name not in skipped}


def _source(row: SourceRow, desk: Desk) -> Source:
    wanted = _values(row, "id")
    recorded = Source.objects.filter(url=row.url).first()
    if recorded:
        desk.compare(row.place, wanted, recorded)
        return recorded
    desk.added["source"] += 1
    with telling(row.place, Source):
        return record.record_source(**wanted, **desk.stamp)


def _body(row: BodyRow, desk: Desk) -> Body:
    wanted = _values(row, "translations")
    recorded = Body.objects.filter(slug=row.slug).first()
    if recorded:
        desk.compare(row.place, wanted, recorded)
        return recorded
    desk.added["body"] += 1
    with telling(row.place, Body):
        return record.record_body(**wanted, **desk.stamp)


def _case(row: CaseRow, subjects: Subjects, desk: Desk) -> Case:
    wanted = _values(row, "translations") | {"sources": subjects.named(row.sources)}
    recorded = Case.objects.filter(slug=row.slug).first()
    if recorded:
        desk.compare(row.place, wanted, recorded)
        return recorded
    desk.added["case"] += 1
    with telling(row.place, Case):
        return record.record_case(**wanted, **desk.stamp)


def replay_pledge(row: PledgeRow, subjects: Subjects, desk: Desk) -> None:
    """Record a pledge with everything of it; of a recorded one, add only what has grown."""
    wanted = _pledge_values(row, subjects)
    pledge = Pledge.objects.filter(reference=row.reference).first()
    if pledge is None:
        pledge = _record(row, wanted, subjects, desk)
    else:
        desk.compare(row.place, wanted, pledge)
    replay_wordings(pledge, row, row.translations, desk)
    _replay_moves(pledge, row, subjects, desk)
    updates = _replay_updates(pledge, row, subjects, desk)
    _replay_assessments(pledge, row, updates, subjects, desk)
    replay_entries(pledge, row, desk)
    # One that staff took off the public pages stays off.
    if row.publish and pledge.publication == Publication.DRAFT:
        desk.added["publication"] += 1
        with telling(row.place, Pledge):
            record.publish(pledge=pledge, actor=desk.people.publisher, now=desk.now)


def _pledge_values(row: PledgeRow, subjects: Subjects) -> dict[str, Any]:
    own = _values(row, "deadline", "moves", "updates", "assessments", "publish", "translations")
    return own | {
        "bodies": [subjects.bodies[slug] for slug in row.bodies],
        "case": subjects.cases[row.case],
        "source": subjects.sources[row.source],
        "other_sources": subjects.named(row.other_sources),
        "follows": _named_pledge(row, "follows"),
        "parent": _named_pledge(row, "parent"),
    }


def _named_pledge(row: PledgeRow, name: str) -> Pledge | None:
    reference = getattr(row, name)
    if not reference:
        return None
    found = Pledge.objects.filter(reference=reference).first()
    if found is None:
        message = f"{reference} is not recorded. Put it before this one, or mend the reference."
        raise row.place.refusal(name, message)
    return found


def _record(row: PledgeRow, wanted: dict[str, Any], subjects: Subjects, desk: Desk) -> Pledge:
    place = replace(row.place, lines=row.deadline.place.lines | row.place.lines)
    desk.added["pledge"] += 1
    with telling(place, Pledge, Deadline):
        return record.record_pledge(
            **wanted,
            deadline=_terms(row.deadline),
            deadline_source=subjects.sources.get(row.deadline.source),
            **desk.stamp,
        )


def _terms(row: DeadlineRow) -> record.DeadlineTerms:
    return record.DeadlineTerms(**{name: getattr(row, name) for name in TERMS})


def _replay_moves(pledge: Pledge, row: PledgeRow, subjects: Subjects, desk: Desk) -> None:
    """The ledger only grows, so its n-th row is the n-th of the file."""
    ledger = list(pledge.deadlines.order_by("position"))
    for line, recorded in zip((row.deadline, *row.moves), ledger, strict=False):
        source = subjects.sources[line.source or row.source]
        wanted = vars(_terms(line)) | {"source": source}
        wanted["precision"] = line.precision if line.latest else ""
        if isinstance(line, MoveRow):
            wanted |= {"kind": line.kind, "announced_on": line.announced_on}
        desk.compare(line.place, wanted, recorded)
    for move in row.moves[len(ledger) - 1 :]:
        desk.added["deadline move"] += 1
        with telling(move.place, Deadline):
            record.move_deadline(
                pledge=pledge,
                kind=cast(DeadlineKind, move.kind),  # the writer refuses any other word
                terms=_terms(move),
                source=subjects.sources[move.source],
                announced_on=move.announced_on,
                **desk.stamp,
            )


def _replay_updates(pledge: Pledge, row: PledgeRow, subjects: Subjects, desk: Desk) -> dict[str, Update]:
    """Return the updates that the file gives an id, by it."""
    ours = Update.objects.filter(pledge=pledge, recorded_by=desk.people.author)
    paired = pair(
        row.updates,
        ours,
        exact=lambda one: tuple(getattr(one, name) for name in OF_UPDATE),
        rough=lambda one: (one.kind, one.happened_on),
    )
    known = {}
    for line, recorded in paired.recorded:
        known[line.id] = recorded
        wanted = _values(line, "id", "translations") | {"sources": subjects.named(line.sources)}
        desk.compare(line.place, wanted, recorded)
    for line in paired.new:
        desk.added["update"] += 1
        wanted = _values(line, "id", "translations") | {"sources": subjects.named(line.sources)}
        with telling(line.place, Update):
            known[line.id] = record.add_update(pledge=pledge, **wanted, **desk.stamp)
    _tell_gone(row, "updates", paired.gone, desk)
    return known


def _replay_assessments(
    pledge: Pledge, row: PledgeRow, updates: dict[str, Update], subjects: Subjects, desk: Desk
) -> None:
    ours = Assessment.objects.filter(pledge=pledge, recorded_by=desk.people.author)
    paired = pair(
        row.assessments,
        ours,
        exact=lambda one: tuple(getattr(one, name) for name in OF_ASSESSMENT),
        rough=lambda one: one.effective_on,
    )
    for line, recorded in paired.recorded:
        desk.compare(line.place, _assessment_values(line, updates, subjects), recorded)
    for line in paired.new:
        if line not in row.assessments[len(paired.recorded) :]:
            raise line.place.refusal("", "A new assessment supersedes the others: put it last.")
        desk.added["assessment"] += 1
        wanted = _assessment_values(line, updates, subjects)
        with telling(line.place, Assessment):
            record.assess(pledge=pledge, **wanted, checked_on=_last_day(row), **desk.stamp)
    _tell_gone(row, "assessments", paired.gone, desk)


def _last_day(row: PledgeRow) -> date:
    """Return the last day that the file knows of: nobody looked for evidence beyond it."""
    return max(
        row.made_on,
        *(move.announced_on for move in row.moves),
        *(update.happened_on for update in row.updates),
        *(assessment.effective_on for assessment in row.assessments),
    )


def _assessment_values(row: AssessmentRow, updates: dict[str, Update], subjects: Subjects) -> dict[str, Any]:
    own = _values(row, "translations")
    named = [updates[name] for name in row.updates]
    return own | {"updates": named, "sources": subjects.named(row.sources)}


def _tell_gone(row: PledgeRow, name: str, gone: Iterable[models.Model], desk: Desk) -> None:
    for one in gone:
        message = f"“{one}” was recorded from this file and is no longer in it. The record keeps it."
        desk.differences.append(row.place.problem(name, message))

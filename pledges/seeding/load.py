"""Loading seeds: rehearse everything, then write, one transaction for each pledge."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from .desk import Desk
from .people import SeedPeople, seed_people
from .problems import Problem, SeedsError
from .reading import read_seeds
from .replay import replay_pledge, replay_subjects
from .shapes import SeedFile


@dataclass
class Loaded:
    """What was read and added, by noun, and where the record says otherwise than the files."""

    files: int
    pledges: int
    added: Counter[str] = field(default_factory=Counter)
    differences: list[Problem] = field(default_factory=list)


def load_seeds(paths: Sequence[Path], *, now: datetime) -> Loaded:
    """Replay seed files through the writers, as recorded at `now` (aware); days stay historical.

    What is recorded already is left alone. Each pledge with all its rows is one transaction, so a
    break-off leaves no half pledge and the next run adds the rest. Raises SeedsError with every
    problem, and AccountTakenError; nothing is written then.
    """
    seeds = read_seeds(paths)
    _rehearse(seeds, now)
    return _replay(seeds, now)


def check_seeds(paths: Sequence[Path], *, now: datetime) -> Loaded:
    """Find out what `load_seeds` would do or refuse, and write nothing."""
    return _rehearse(read_seeds(paths), now)


def _rehearse(seeds: Sequence[SeedFile], now: datetime) -> Loaded:
    with transaction.atomic():
        loaded = _replay(seeds, now)
        transaction.set_rollback(True)
    return loaded


def _replay(seeds: Sequence[SeedFile], now: datetime) -> Loaded:
    people = seed_people()
    loaded = Loaded(files=len(seeds), pledges=sum(len(file.pledges) for file in seeds))
    problems: list[Problem] = []
    for file in seeds:
        try:
            _replay_file(file, people, now, loaded, problems)
        except SeedsError as refused:
            problems.extend(refused.problems)
    if problems:
        raise SeedsError(problems)
    return loaded


def _replay_file(
    file: SeedFile, people: SeedPeople, now: datetime, loaded: Loaded, problems: list[Problem]
) -> None:
    desk = Desk(people=people, now=now, added=loaded.added, differences=loaded.differences)
    with transaction.atomic():
        people.take_turn()
        subjects = replay_subjects(file, desk)
    for row in file.pledges:
        try:
            with transaction.atomic():
                people.take_turn()
                replay_pledge(row, subjects, desk)
        except SeedsError as refused:
            problems.extend(refused.problems)

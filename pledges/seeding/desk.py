"""Who writes what a seed file says, and the account of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.db import models

from .comparing import differences
from .people import SeedPeople
from .problems import Place, Problem


class Stamp(TypedDict):
    actor: User
    now: datetime


@dataclass(frozen=True)
class Desk:
    """Who writes, when, and the account of it."""

    people: SeedPeople
    now: datetime
    added: Counter[str]
    differences: list[Problem]

    @property
    def stamp(self) -> Stamp:
        return {"actor": self.people.author, "now": self.now}

    def compare(self, place: Place, wanted: dict[str, Any], recorded: models.Model) -> None:
        self.differences.extend(differences(place, wanted, recorded))

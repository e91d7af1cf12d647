"""The follow-up ladders: which one a pledge climbs, and the default that a new tracker begins with."""

from dataclasses import dataclass

from pledges.models import Pledge

from .models import Ladder, Rung
from .rungs import rung_of

# Days against the instant at which the due date has ended; whom the rung tells.
DEFAULT_RUNGS = (
    {"days": -14, "to_assignee": True},
    {"days": -3, "to_assignee": True},
    {"days": 0, "to_assignee": True},
    {"days": 7, "to_assignee": True, "to_lead": True},
    {"days": 30, "to_lead": True, "to_director": True, "to_assignee": False},
)


@dataclass(frozen=True)
class Ladders:
    """All ladders with their rungs: that of the case wins, then that of a body, then the default."""

    of_case: dict[int, Ladder]
    of_body: dict[int, Ladder]
    default: Ladder

    @classmethod
    def read(cls) -> "Ladders":
        ladders = list(Ladder.objects.prefetch_related("rungs"))
        return cls(
            of_case={each.case_id: each for each in ladders if each.case_id},
            of_body={each.body_id: each for each in ladders if each.body_id},
            default=next(each for each in ladders if not each.case_id and not each.body_id),
        )

    def of(self, pledge: Pledge) -> Ladder:
        """Return the ladder of a pledge whose bodies are loaded where any body has a ladder."""
        if pledge.case_id in self.of_case:
            return self.of_case[pledge.case_id]
        bodies = sorted(pledge.bodies.all(), key=lambda body: body.name) if self.of_body else []
        return next((self.of_body[body.pk] for body in bodies if body.pk in self.of_body), self.default)

    @property
    def first(self) -> int:
        """The lowest rung of any ladder, in days against T0."""
        ladders = [*self.of_case.values(), *self.of_body.values(), self.default]
        return min((rung.days for ladder in ladders for rung in ladder.rungs.all()), default=0)

    def rung_for(self, pledge: Pledge, days: int | None) -> Rung | None:
        """Return the rung that names who hears of T`days` of a pledge; None where it is about no rung."""
        rungs = {rung.days: rung for rung in self.of(pledge).rungs.all()}
        return rungs[rung_of(days, rungs)] if days is not None and rungs else None


def ensure_default(ladder_model: type[Ladder] = Ladder, rung_model: type[Rung] = Rung) -> None:
    """Make the default ladder unless there is one. Migrations pass their own models."""
    ladder, created = ladder_model.objects.get_or_create(case=None, body=None)
    if created:
        rung_model.objects.bulk_create(rung_model(ladder=ladder, **each) for each in DEFAULT_RUNGS)

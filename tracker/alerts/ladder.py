"""The follow-up ladder: the default that a new tracker begins with."""

from .models import Ladder, Rung

# Days against the instant at which the due date has ended; whom the rung tells.
DEFAULT_RUNGS = (
    {"days": -14, "to_assignee": True},
    {"days": -3, "to_assignee": True},
    {"days": 0, "to_assignee": True},
    {"days": 7, "to_assignee": True, "to_lead": True},
    {"days": 30, "to_lead": True, "to_director": True, "to_assignee": False},
)


def ensure_default(ladder_model: type[Ladder] = Ladder, rung_model: type[Rung] = Rung) -> None:
    """Make the default ladder unless there is one. Migrations pass their own models."""
    ladder, created = ladder_model.objects.get_or_create(case=None, body=None)
    if created:
        rung_model.objects.bulk_create(rung_model(ladder=ladder, **each) for each in DEFAULT_RUNGS)

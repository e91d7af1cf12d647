from datetime import UTC, datetime
from typing import Any

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

PUBLIC = Q(("publication", "published"))
OPEN = Q(("status__in", ("no_evidence", "in_progress", "partly_fulfilled")))
CLOSED = Q(
    Q(("met_on__isnull", False), ("status", "fulfilled"), Q(("due_on__isnull", False), _negated=True)),
    Q(("met_on__isnull", True), Q(*OPEN.children, _negated=True)),
    _connector="OR",
)
NEVER = Value(datetime(9999, 12, 31, tzinfo=UTC), output_field=models.DateTimeField())
NEWEST = ["-made_on", "-reference"]
FILTERED = ("id", "status", "action", "met_on", "due_on", "lapses_at", "undated_reason")


def add(name: str, *expressions: Any, **more: Any) -> migrations.AddIndex:
    included = [field for field in FILTERED if field not in more.get("fields", ())]
    index = models.Index(*expressions, name=name, include=included, **({"condition": PUBLIC} | more))
    return migrations.AddIndex(model_name="pledge", index=index)


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0014_due_day_indexes"),
    ]

    operations = [
        *(
            migrations.RemoveIndex(model_name="pledge", name=name)
            for name in ("pledge_by_status", "pledge_by_action", "pledge_by_due_date", "pledge_newest")
        ),
        add("pledge_newest", fields=NEWEST),
        add("pledge_by_status", fields=["status", *NEWEST]),
        add("pledge_by_action", fields=["action", *NEWEST]),
        add("pledge_by_due_date", Coalesce("lapses_at", NEVER), F("reference")),
        add("pledge_undated", fields=NEWEST, condition=Q(*PUBLIC.children, ("lapses_at__isnull", True))),
        add("pledge_closed", fields=NEWEST, condition=Q(*PUBLIC.children, CLOSED)),
    ]

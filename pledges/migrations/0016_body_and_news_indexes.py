from django.db import migrations, models
from django.db.models import Q

FACTS = (
    "status",
    "action",
    "met_on",
    "due_on",
    "lapses_at",
    "undated_reason",
    "time_zone",
    "made_on",
    "reference",
    "published_at",
)


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0015_filter_indexes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="pledge",
            index=models.Index(
                name="pledge_facts", fields=["id"], include=FACTS, condition=Q(("publication", "published"))
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                name="event_of_pledge", fields=["pledge", "-recorded_at", "-id"], include=("kind",)
            ),
        ),
        # By its key the order of deadlines asks for no pledge.
        migrations.AlterModelOptions(
            name="deadline",
            options={
                "ordering": ("pledge_id", "position"),
                "verbose_name": "deadline",
                "verbose_name_plural": "deadlines",
            },
        ),
    ]

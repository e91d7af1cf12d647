from importlib import import_module

from django.db import migrations, models

fill = import_module("pledges.migrations.0013_due_days").fill


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0013_due_days"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="deadline",
            name="deadline_of_day",
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("kind", "extension")), fields=["pledge"], name="deadline_extends"
            ),
        ),
        migrations.RemoveIndex(
            model_name="pledge",
            name="pledge_newest",
        ),
        migrations.AddIndex(
            model_name="pledge",
            index=models.Index(
                condition=models.Q(("publication", "published")),
                fields=["-made_on", "-reference"],
                include=("id",),
                name="pledge_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="pledge",
            index=models.Index(
                condition=models.Q(("publication", "published"), ("due_on__isnull", False)),
                fields=["due_on", "reference"],
                include=("id",),
                name="pledge_of_due_day",
            ),
        ),
        # Once more: a process of the release before may have moved a date since.
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on__isnull", True), ("lapses_at__isnull", True)),
                    models.Q(("due_on__isnull", False), ("lapses_at__isnull", False), ("undated_reason", "")),
                    _connector="OR",
                ),
                name="pledge_due_day_lapses",
            ),
        ),
        # The table of the link has no model of its own whose Meta could name this index.
        migrations.RunSQL(
            "CREATE INDEX pledge_of_body ON pledges_pledge_bodies (body_id, pledge_id)",
            "DROP INDEX IF EXISTS pledge_of_body",
        ),
    ]

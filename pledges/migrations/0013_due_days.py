"""What the deadline in force says, in the row of its pledge."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Copy the due date, or why there is none, from the deadline in force of each pledge."""
    del schema_editor
    deadlines = apps.get_model("pledges", "Deadline").objects.order_by()
    in_force = deadlines.filter(pk=OuterRef("current_deadline"))
    with_deadline = apps.get_model("pledges", "Pledge").objects.filter(current_deadline__isnull=False)
    with_deadline.update(
        due_on=Subquery(in_force.values("latest")), undated_reason=Subquery(in_force.values("no_date_reason"))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0012_page_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="pledge",
            name="due_on",
            field=models.DateField(editable=False, null=True, verbose_name="due date"),
        ),
        migrations.AddField(
            model_name="pledge",
            name="undated_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_stated", "No time was stated"),
                    ("vague", "The words name no date"),
                    ("event_tied", "Waits for an event"),
                    ("unreadable", "The words allow more than one reading"),
                ],
                default="",
                editable=False,
                max_length=12,
                verbose_name="why there is no date",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]

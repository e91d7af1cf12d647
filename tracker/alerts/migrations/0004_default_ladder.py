"""Begin with a ladder that serves until somebody makes another."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tracker.alerts.ladders import ensure_default


def make_default(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    ensure_default(apps.get_model("alerts", "Ladder"), apps.get_model("alerts", "Rung"))


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_readers")]
    operations = [migrations.RunPython(make_default, migrations.RunPython.noop)]

"""Let Reviewers set teams and follow-up ladders."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tracker.alerts.roles import ensure_ladder_roles


def let_reviewers_set(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Permissions are normally made after all migrations; the roles need them now.
    config = apps.get_app_config("alerts")
    config.models_module = True  # type: ignore[assignment]  # a historical app has no module
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    ensure_ladder_roles(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"))


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0005_bounces"),
        ("pledges", "0002_roles"),
    ]
    operations = [migrations.RunPython(let_reviewers_set, migrations.RunPython.noop)]

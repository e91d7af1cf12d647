"""Let Researchers and Reviewers draft letters and say what became of them."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tracker.letters.roles import ensure_roles


def let_roles_write(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Permissions are normally made after all migrations; the roles need them now.
    config = apps.get_app_config("letters")
    config.models_module = True  # type: ignore[assignment]  # a historical app has no module
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    ensure_roles(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"))


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0001_letters"),
        ("pledges", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(let_roles_write, migrations.RunPython.noop)]

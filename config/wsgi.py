"""The entry point for gunicorn: `gunicorn config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config.checks import refuse_bad_environment  # noqa: E402 - needs the apps to be ready

# Any other code and gunicorn would start the process again and again.
refuse_bad_environment(exit_code=3)

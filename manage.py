#!/usr/bin/env python3
"""The one door to every command: `python3 manage.py up`, `python3 manage.py test`, and Django's own."""

import os
import sys

if sys.version_info < (3, 11):
    found = "%d.%d (%s)" % (sys.version_info[0], sys.version_info[1], sys.executable)
    sys.exit("manage.py: Python 3.11 or newer is needed, this is " + found + ".")

from config.bootstrap import ensure_environment, explain_missing


def main() -> None:
    ensure_environment(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except ModuleNotFoundError as error:
        explain_missing(error, sys.argv)
        raise
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

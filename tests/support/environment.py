"""The environment that tests run in: nothing from the outside but what is named here."""

import atexit
import os
import shutil
import sys
import tempfile

OURS = ("TRACKER_", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE")
KEPT = ("TRACKER_TEST_",)


def prepare() -> str:
    """Clear the tracker's variables, set those for tests and return the folder for run-time state.

    TEST_DATABASE_URL chooses the database; without it SQLite in a file, so that worker processes can open it.
    """
    if "config.settings" in sys.modules:
        raise RuntimeError("Settings were read too early: unset DJANGO_SETTINGS_MODULE, the tests set it.")
    for name in list(os.environ):
        if name.startswith(OURS) and not name.startswith(KEPT):
            del os.environ[name]
    folder = tempfile.mkdtemp(prefix="pledge-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "TRACKER_VAR_DIR": folder,
        "TRACKER_SECRET_KEY": "only-for-tests",
        "TRACKER_DEMO": "0",
        "TRACKER_LOG_LEVEL": "WARNING",
        # Playwright's event loop lives in this thread; Django would refuse the database beside it.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    if os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    return folder

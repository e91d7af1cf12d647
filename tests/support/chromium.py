"""Where the browser for the page tests is."""

import os
import shutil

HOW_TO_GET = (
    "Install it (Debian and Ubuntu: apt install chromium fonts-noto-core), or set TRACKER_TEST_CHROMIUM."
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Return the path of an installed Chromium, else None."""
    given = os.environ.get("TRACKER_TEST_CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)

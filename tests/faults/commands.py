"""Our own commands as processes of their own, on the database of the test."""

import os
import subprocess
import sys
from collections.abc import Mapping

from tests.support.processes import BASE_DIR, child_environment


def start(*arguments: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """Start `manage.py` with `arguments` in a process group of its own."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env={**os.environ, **child_environment(environment)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run it to its end and return what it said; fail when it does."""
    process = start(*arguments, environment=environment)
    said, _nothing = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said

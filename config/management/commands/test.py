"""`manage.py test`: the whole suite by pytest, on SQLite always and on PostgreSQL where one can be had."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management.base import BaseCommand

from config.bootstrap import DEV_LOCK, pip_command

SQLITE, POSTGRESQL = "sqlite", "postgresql"
NO_TESTS_COLLECTED = 5

if TYPE_CHECKING:
    from tests.support.parts import Report


@dataclass(frozen=True)
class Result:
    """What became of the run on one database, in words for the summary."""

    database: str
    words: str
    is_good: bool


class Command(BaseCommand):
    help = "Runs the tests by pytest, once for each database. Further arguments go to pytest."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Take what is ours and hand everything else to pytest, which has its own help and errors."""
        parser = argparse.ArgumentParser(prog=f"{argv[0]} test", description=self.help)
        parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), help="only on this one")
        options, for_pytest = parser.parse_known_args(argv[2:])
        raise SystemExit(run_suite(options.database, for_pytest))


def run_suite(only: str | None, for_pytest: list[str]) -> int:
    """Run pytest for each wanted database and return 0 when every run passed."""
    try:
        import pytest  # noqa: F401 - only to say in words that it is missing
    except ModuleNotFoundError:
        print(f"The test tools are not installed. Run:  {pip_command(DEV_LOCK)}", file=sys.stderr)
        return 1
    from tests.support import parts

    is_strict = os.environ.get("TRACKER_TEST_REQUIRE_ALL") == "1"
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="pledge-parts-") as folder:
        path = Path(folder) / "parts"
        if only in (None, SQLITE):
            results.append(run_pytest(SQLITE, None, for_pytest, path))
        if only in (None, POSTGRESQL):
            results.append(run_on_postgres(for_pytest, path, is_needed=is_strict or only == POSTGRESQL))
        report = parts.read(path)
    print_summary(results, report)
    is_whole = not (is_strict and report.absent)
    return 0 if all(result.is_good for result in results) and is_whole else 1


def run_on_postgres(for_pytest: list[str], path: Path, *, is_needed: bool) -> Result:
    with a_postgres() as (url, reason):
        if url:
            return run_pytest(POSTGRESQL, url, for_pytest, path)
    return Result(POSTGRESQL, f"not run: {reason}", is_good=not is_needed)


def run_pytest(database: str, url: str | None, for_pytest: list[str], path: Path) -> Result:
    print(f"\n== tests on {database} ==", flush=True)
    # manage.py has set DJANGO_SETTINGS_MODULE; with it settings would be read before the tests choose theirs.
    ours = ("TEST_DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment["TRACKER_TEST_REPORT"] = str(path)
    if url:
        environment["TEST_DATABASE_URL"] = url
    command = [sys.executable, "-m", "pytest", *for_pytest]
    code = subprocess.call(command, env=environment, cwd=settings.BASE_DIR)
    words = {0: "passed", NO_TESTS_COLLECTED: "no test matches"}.get(code, "FAILED")
    return Result(database, words, is_good=code == 0)


@contextmanager
def a_postgres() -> Iterator[tuple[str | None, str]]:
    """Yield the URL of a PostgreSQL for tests, or None and why there is none and how to get one."""
    from tests.support import postgres

    given = os.environ.get("TEST_DATABASE_URL")
    binaries = postgres.find_binaries()
    if given or binaries is None:
        yield given, postgres.HOW_TO_GET
        return
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.private_cluster(binaries))
        except (RuntimeError, OSError) as error:
            yield None, str(error)
        else:
            yield url, ""


def print_summary(results: list[Result], report: "Report") -> None:
    print("\n== summary ==")
    for result in results:
        print(f"{result.database:<11} {result.words}")
    print(f"{'parts':<11} {', '.join(sorted(report.ran)) or 'none'} ran")
    for part in report.absent:
        print(
            f"{part:<11} not run: {report.missing.get(part, 'no test of it was asked for, or none passed')}"
        )
    sys.stdout.flush()

"""`manage.py test`: what it hands to pytest, what its closing lines say, and when it fails."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.management.commands import test as command
from tests.support import parts, postgres
from tests.support.processes import BASE_DIR

pytestmark = pytest.mark.once


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Replace pytest by a note of what it was asked, and PostgreSQL by a server that is not there."""
    asked: list[list[str]] = []

    def note(words: list[str], *, env: dict[str, str], cwd: Path) -> int:
        asked.append([env.get("TEST_DATABASE_URL", "sqlite"), *words[3:]])
        for part in env.get("PRETEND_RAN", "").split():
            with Path(env[parts.VARIABLE]).open("a") as file:
                file.write(f"ran\t{part}\t\n")
        return int(env.get("PRETEND_CODE", "0"))

    @contextmanager
    def cluster(binaries: Path) -> Iterator[str]:
        yield "postgres://private"

    monkeypatch.setattr(subprocess, "call", note)
    monkeypatch.setattr(postgres, "private_cluster", cluster)
    monkeypatch.setattr(postgres, "find_binaries", lambda: Path("/bin"))
    for name in ("TEST_DATABASE_URL", "TRACKER_TEST_REQUIRE_ALL"):
        monkeypatch.delenv(name, raising=False)
    return asked


def test_both_databases_get_the_same_arguments(runs: list[list[str]]) -> None:
    assert command.run_suite(None, ["tests/pledges", "-k", "foo"]) == 0
    assert runs == [
        ["sqlite", "tests/pledges", "-k", "foo"],
        ["postgres://private", "tests/pledges", "-k", "foo"],
    ]


@pytest.mark.parametrize(("only", "expected"), [("sqlite", "sqlite"), ("postgresql", "postgres://private")])
def test_one_database_can_be_chosen(only: str, expected: str, runs: list[list[str]]) -> None:
    assert command.run_suite(only, []) == 0
    assert runs == [[expected]]


def test_a_given_server_is_used(runs: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://given")
    assert command.run_suite(None, []) == 0
    assert runs == [["sqlite"], ["postgres://given"]]


def test_one_failing_run_fails_all(runs: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRETEND_CODE", "1")
    assert command.run_suite(None, []) == 1
    assert len(runs) == 2


def test_no_postgresql_is_said_and_is_no_failure(
    runs: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(postgres, "find_binaries", lambda: None)
    assert command.run_suite(None, []) == 0
    assert runs == [["sqlite"]]
    assert "postgresql  not run: set TEST_DATABASE_URL=" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("has_postgres", "ran", "expected"),
    [
        (True, "browser nginx redis smtp worker", 0),
        (True, "redis smtp worker", 1),
        (False, "browser nginx redis smtp worker", 1),
    ],
)
def test_where_all_is_required_a_missing_part_is_a_failure(
    has_postgres: bool, ran: str, expected: int, runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_TEST_REQUIRE_ALL", "1")
    monkeypatch.setenv("PRETEND_RAN", ran)
    if not has_postgres:
        monkeypatch.setattr(postgres, "find_binaries", lambda: None)
    assert command.run_suite(None, []) == expected


def test_only_postgresql_without_one_is_a_failure(
    runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "find_binaries", lambda: None)
    assert command.run_suite("postgresql", []) == 1
    assert runs == []


def test_a_real_run_closes_with_what_ran() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "test", "--database", "sqlite", "tests/config/test_logs.py", "-q"],
        cwd=BASE_DIR,
        env={
            name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "DJANGO_"))
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    closing = done.stdout.partition("== summary ==")[2].split("\n")
    assert closing[1] == "sqlite      passed"
    assert closing[2] == "parts       none ran"
    assert re.search(r"^[1-9]\d* passed", done.stdout, re.MULTILINE)


def test_the_server_for_tests_is_private_and_removed() -> None:
    binaries = postgres.find_binaries()
    if binaries is None:
        pytest.skip(f"no PostgreSQL: {postgres.HOW_TO_GET}")
    import psycopg

    with postgres.private_cluster(binaries) as url:
        with psycopg.connect(url) as connection:
            listening = connection.execute("SHOW listen_addresses").fetchone()
            folder_row = connection.execute("SHOW unix_socket_directories").fetchone()
        assert listening == ("",)
        assert folder_row is not None
        folder = Path(folder_row[0])
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.stat().st_uid != 0
    assert not folder.exists()

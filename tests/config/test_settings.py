"""The settings as a process sees them: each test starts one with an environment of its own."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from config import checks
from config.env import SmtpServer
from tests.support.processes import BASE_DIR

pytestmark = pytest.mark.once

OURS = ("TRACKER_", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_")
PRODUCTION = {
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/name",
    "REDIS_URL": "redis://:secret@127.0.0.1:6379/0",
    "TRACKER_SITE_URL": "https://pledges.example.org",
    "EMAIL_URL": "smtp://u:p@mail.example.org:587?tls=1",
    "TRACKER_MAIL_FROM": "tracker@example.org",
    "TRACKER_BOUNCE_ADDRESS": "bounces@example.org",
    "TRACKER_STAFF_ALERTS": "desk@example.org",
    "TRACKER_SECURITY_CONTACT": "security@example.org",
}


SERVER = SmtpServer("mail.example.org", 587, "u", "p", tls=True, ssl=False)
READY: dict[str, Any] = {
    "TRACKER_DEMO": False,
    "IS_HTTPS": True,
    "SECRET_KEY": "x" * 50,
    "BROKER_URL": "redis://127.0.0.1:6379/0",
    "EMBEDDED_REDIS_URL": settings.EMBEDDED_REDIS_URL,
    "TRACKER_SITE_URL": "https://pledges.example.org",
    "TRACKER_SECURITY_CONTACT": "mailto:security@example.org",
    "MAIL_SERVER": SERVER,
    "TRACKER_MAIL_FROM": "tracker@example.org",
    "TRACKER_BOUNCE_ADDRESS": "bounces@example.org",
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
}


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return subprocess.run(
        [sys.executable, *command],
        cwd=BASE_DIR,
        env={**clean, "TRACKER_VAR_DIR": str(folder / "var"), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings_with(folder: Path, names: list[str], **variables: str) -> dict[str, Any]:
    reading = f"[getattr(settings, name) for name in {names}]"
    code = f"import json; from config import settings; print(json.dumps({reading}))"
    done = run(folder, "-c", code, **variables)
    assert done.returncode == 0, done.stderr
    return dict(zip(names, json.loads(done.stdout), strict=True))


def test_defaults_need_no_environment(tmp_path: Path) -> None:
    names = [
        "TRACKER_DEMO",
        "DEBUG",
        "TRACKER_STAFF_ALERTS",
        "DATABASES",
        "TIME_ZONE",
        "SESSION_COOKIE_SECURE",
    ]
    found = settings_with(tmp_path, names)
    database = found["DATABASES"]["default"]
    assert found["TRACKER_DEMO"] is True
    assert found["DEBUG"] is False
    assert found["TRACKER_STAFF_ALERTS"] == ["demo@example.org"]
    assert found["TIME_ZONE"] == "UTC"
    assert found["SESSION_COOKIE_SECURE"] is False
    assert database["NAME"] == str(tmp_path / "var/tracker.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_production_is_not_a_demo(tmp_path: Path) -> None:
    names = ["TRACKER_DEMO", "TRACKER_STAFF_ALERTS", "DATABASES", "EMAIL_BACKEND", "SESSION_COOKIE_SECURE"]
    found = settings_with(
        tmp_path, [*names, "ALLOWED_HOSTS", "BROKER_URL", "SECURE_SSL_REDIRECT"], **PRODUCTION
    )
    assert found["TRACKER_DEMO"] is False
    assert found["TRACKER_STAFF_ALERTS"] == ["desk@example.org"]
    assert found["DATABASES"]["default"]["CONN_MAX_AGE"] == 60
    assert found["DATABASES"]["default"]["CONN_HEALTH_CHECKS"] is True
    assert "pool" not in found["DATABASES"]["default"]["OPTIONS"]
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["SECURE_SSL_REDIRECT"] is True
    assert "pledges.example.org" in found["ALLOWED_HOSTS"]
    assert found["BROKER_URL"] == PRODUCTION["REDIS_URL"]


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = settings_with(tmp_path, ["SECRET_KEY"])
    assert settings_with(tmp_path, ["SECRET_KEY"]) == first
    assert len(first["SECRET_KEY"]) >= 50
    key, var = tmp_path / "var/secret_key", tmp_path / "var"
    assert key.read_text() == first["SECRET_KEY"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
    assert [path.name for path in var.iterdir() if path.name.startswith("secret_key")] == ["secret_key"]


BAD = {
    "TRACKER_PORT": "http",
    "TRACKER_SITE_URL": "pledges",
    "TRACKER_STAFF_ALERTS": "nobody",
    "DATABASE_URL": "mysql://x",
    "REDIS_URL": "x",
    "EMAIL_URL": "x",
    "TRACKER_ALERT_LEASE_SECONDS": "0",
    "TRACKER_BOUNCE_ADDRESS": "nobody",
    "TRACKER_SOFT_BOUNCES": "51",
    "TRACKER_LANGUAGE": "tlh",
    "TRACKER_SECURITY_CONTACT": "nobody",
}


def test_every_bad_value_is_said_at_once(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", **BAD)
    assert done.returncode == 1
    assert [name for name in BAD if f") {name} " not in done.stderr] == []
    assert done.stderr.count("HINT:") == len(BAD)
    assert [f"config.E{number:03}" in done.stderr for number in range(1, len(BAD) + 1)] == [True] * len(BAD)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["manage.py", "migrate"], 1),
        (["manage.py", "up"], 1),
        (["-m", "celery", "-A", "config.celery", "worker"], 1),
        (["-m", "celery", "-A", "config.celery", "beat"], 1),
        (["-m", "gunicorn", "--config=python:config.gunicorn", "--bind=127.0.0.1:0", "config.wsgi"], 3),
    ],
)
def test_nothing_starts_on_a_bad_value(command: list[str], code: int, tmp_path: Path) -> None:
    done = run(tmp_path, *command, TRACKER_TICK_SECONDS="soon")
    assert done.returncode == code
    assert "TRACKER_TICK_SECONDS is 'soon'" in done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(tmp_path / "var/tracker.sqlite3")) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_an_unusable_folder_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run(tmp_path, "manage.py", "check", TRACKER_VAR_DIR=str(tmp_path / "file/var"))
    assert done.returncode == 1
    assert "The folder for run-time state cannot be used" in done.stderr


def test_deployment_is_refused_while_it_is_a_first_try(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", TRACKER_SECRET_KEY="short")
    assert done.returncode == 1
    for number in (101, 102, 103, 104, 106):
        assert f"config.E{number}" in done.stderr
    assert "config.W101" in done.stderr


def test_a_whole_configuration_passes_without_a_word(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changed", "identity"),
    [
        ({"TRACKER_DEMO": True}, "E101"),
        ({"BROKER_URL": settings.EMBEDDED_REDIS_URL}, "E102"),
        ({"IS_HTTPS": False}, "E103"),
        ({"MAIL_SERVER": None}, "E104"),
        ({"TRACKER_MAIL_FROM": "Pledge tracker <tracker@localhost>"}, "E105"),
        ({"SECRET_KEY": "x" * 49}, "E106"),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, "W101"),
        ({"MAIL_SERVER": replace(SERVER, tls=False)}, "W102"),
        ({"TRACKER_BOUNCE_ADDRESS": ""}, "W103"),
        ({"TRACKER_SECURITY_CONTACT": ""}, "W104"),
    ],
)
def test_one_thing_missing_is_named(
    changed: dict[str, Any], identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**READY))
    assert checks.production(None) == []
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**{**READY, **changed}))
    assert [message.id for message in checks.production(None)] == [f"config.{identity}"]

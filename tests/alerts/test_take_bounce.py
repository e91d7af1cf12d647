"""As a mail server calls it: a process, a message on standard input, an exit code."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.support.architecture import BASE_DIR
from tests.support.processes import child_environment
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts.models import Alert, AlertState, Bounce
from tracker.alerts.return_path import return_path
from tracker.alerts.telling import tell

from .bounced import HARD, READER, plain, recipient, report
from .events import NOW, overdue_pledge

ADDRESS = "bounces@pledges.example"
FORGED = "bounces+1-0000000000000000@pledges.example"
NO_DATABASE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}


@pytest.fixture(autouse=True)
def bounce_address(settings: Any) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = ADDRESS


def run(raw: bytes, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the command on the database of this test."""
    own = {"TRACKER_BOUNCE_ADDRESS": ADDRESS, "TRACKER_SECRET_KEY": django_settings.SECRET_KEY}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "take_bounce", *arguments],
        input=raw,
        capture_output=True,
        cwd=BASE_DIR,
        env={**os.environ, **child_environment(), **own, **variables},
        check=False,
    )


def a_mail() -> Alert:
    follow(make_subscriber(address=READER))
    overdue_pledge()
    tell(now=NOW)
    alert = Alert.objects.get()
    Alert.objects.update(state=AlertState.SENT, sent_at=NOW)
    return alert


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_in_headers", [False, True])
def test_a_bounce_is_taken_once(is_in_headers: bool) -> None:
    alert = a_mail()
    path = return_path(alert.pk)
    # Longer than what is read of it, and than any pipe holds.
    raw = report(recipient(), to=path) + b"x" * 1_000_000
    arguments = [] if is_in_headers else ["--recipient", path.upper()]
    first, second = run(raw, *arguments), run(raw, *arguments)
    assert first.returncode == 0, first.stderr
    assert first.stdout.decode() == f"alert {alert.pk}: hard, 5.1.1; mail to its reader was stopped\n"
    assert (second.returncode, second.stdout.decode()) == (
        0,
        f"alert {alert.pk}: ignored: it is known already that it came back\n",
    )
    alert.refresh_from_db()
    assert (alert.bounce, alert.bounced_for) == (Bounce.HARD, "5.1.1")
    assert alert.subscriber is not None
    assert alert.subscriber.suppressed_at == alert.bounced_at
    said = (first.stdout + first.stderr + second.stdout + second.stderr).decode()
    assert "@" not in said
    assert "amina" not in said


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("raw", "is_ours", "says"),
    [
        (HARD, False, "ignored: it came to no return path of ours"),
        (plain("Away.", Auto_Submitted="auto-replied"), True, "alert 987654: no bounce: an automatic reply"),
        (HARD, True, "alert 987654: ignored: there is no such alert"),
        (b"", True, "alert 987654: no bounce: no report of a delivery"),
    ],
)
def test_what_is_ignored_is_taken_too(raw: bytes, is_ours: bool, says: str) -> None:
    done = run(raw, "--recipient", return_path(987_654) if is_ours else FORGED)
    assert (done.returncode, done.stdout.decode()) == (0, f"{says}\n"), done.stderr


@pytest.mark.django_db
def test_without_a_database_the_mail_server_keeps_it() -> None:
    done = run(HARD, "--recipient", return_path(1), **NO_DATABASE)
    assert done.returncode == os.EX_TEMPFAIL, done.stderr
    assert b"database can't be used" in done.stderr


@pytest.mark.django_db
def test_before_the_tables_are_there_the_mail_server_keeps_it(tmp_path: Any) -> None:
    done = run(HARD, "--recipient", return_path(1), DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3")
    assert done.returncode == os.EX_TEMPFAIL, done.stderr


@pytest.mark.django_db
def test_what_concerns_nobody_needs_no_database() -> None:
    assert run(HARD, "--recipient", FORGED, **NO_DATABASE).returncode == 0


@pytest.mark.django_db
def test_without_the_address_it_says_what_to_set() -> None:
    done = run(b"x" * 1_000_000, TRACKER_BOUNCE_ADDRESS="")
    assert done.returncode == os.EX_TEMPFAIL
    assert b"TRACKER_BOUNCE_ADDRESS is unset" in done.stderr
    assert b"docs/mail.md" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TRACKER_SOFT_BOUNCES", "many"),
        ("TRACKER_BOUNCE_ADDRESS", "nobody"),
        ("DATABASE_URL", "mysql://somewhere/else"),
    ],
)
def test_with_a_setting_that_is_wrong_the_mail_server_keeps_it(variable: str, value: str) -> None:
    done = run(HARD, "--recipient", FORGED, **{variable: value})
    assert done.returncode == os.EX_TEMPFAIL
    assert variable.encode() in done.stderr

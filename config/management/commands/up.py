"""`manage.py up`: the whole tracker under one foreground command."""

import errno
import fcntl
import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.urls import NoReverseMatch, reverse

from config import programs
from config.celery import app as celery_app
from config.checks import refuse_bad_environment
from config.demo import ensure_demo_logins
from config.processes import Program, ProgramFailed, Stopped, Supervisor
from config.redis_server import (
    HOW_TO_GET,
    EmbeddedRedis,
    client_for,
    find_redis_server,
    is_answering,
)


class Command(BaseCommand):
    help = "Starts web, worker, beat and (without REDIS_URL) Redis; Ctrl-C stops everything."
    # Run by hand below, to answer in fewer words.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-seeds", action="store_true", help="do not load the pledges in seeds/")

    def handle(self, **options: Any) -> None:
        refuse_bad_environment()
        with only_one(settings.VAR_DIR / "up.lock"):
            check_port(settings.TRACKER_PORT)
            check_redis()
            check_database()
            with Supervisor(sys.stdout) as supervisor:
                try:
                    self.run_all(supervisor, with_seeds=not options["no_seeds"])
                except Stopped:
                    supervisor.say("up", "stopping")
                except ProgramFailed as error:
                    raise CommandError(f"Everything stops: {error}.") from error

    def run_all(self, supervisor: Supervisor, *, with_seeds: bool) -> None:
        for program in before_the_database():
            supervisor.start(program)
        passwords = prepare_database(supervisor, with_seeds=with_seeds)
        for program in (
            programs.web_program(settings.TRACKER_PORT),
            programs.worker_program(),
            programs.beat_program(settings.VAR_DIR),
        ):
            supervisor.start(program)
            supervisor.say("up", f"{program.name} is ready")
        # What the sweep has just queued need not wait for beat's first minute.
        celery_app.send_task("tracker.alerts.tasks.drain_alerts")
        for line in welcome(passwords):
            supervisor.say("up", line)
        supervisor.watch()


def before_the_database() -> list[Program]:
    if settings.BROKER_URL != settings.EMBEDDED_REDIS_URL:
        return []
    server = EmbeddedRedis(settings.VAR_DIR)
    server.end_leftover()
    return [programs.redis_program(server)]


def prepare_database(supervisor: Supervisor, *, with_seeds: bool) -> dict[str, str]:
    """Migrate, load the seeds, make the demo logins and flag what is late. Returns new passwords by login."""
    supervisor.say("up", "migrating the database")
    call_command("migrate", interactive=False, verbosity=0)
    if with_seeds:
        run(supervisor, "load_seeds")
    passwords: dict[str, str] = {}
    if settings.TRACKER_DEMO:
        try:
            passwords = ensure_demo_logins(settings.VAR_DIR / "demo-login.txt")
        except LookupError as error:
            raise CommandError(str(error)) from error
    run(supervisor, "sweep", digest_now=True)
    run(supervisor, "checkpoint")
    if settings.IS_COLLECTED:
        # Hashed names of an earlier version would be looked up in vain.
        call_command("collectstatic", interactive=False, verbosity=0)
    # The children open their own; this one would only hold the database file open.
    connection.close()
    return passwords


def run(supervisor: Supervisor, command: str, **options: bool) -> None:
    """Run a command and pass its words on; its errors go up as they are."""
    words = StringIO()
    try:
        call_command(command, stdout=words, **options)
    finally:
        for line in words.getvalue().splitlines():
            supervisor.say("up", f"{command}: {line}")


def welcome(passwords: dict[str, str]) -> Iterator[str]:
    local = f"http://127.0.0.1:{settings.TRACKER_PORT}"
    yield ""
    yield f"Public site  {local}/"
    yield f"Staff admin  {local}/admin/"
    if settings.MAIL_SERVER is None:
        try:
            mailbox = reverse("admin:alerts_alert_changelist")
        except NoReverseMatch:
            mailbox = "/admin/"
        yield f"Mailbox      {local}{mailbox}  (no mail server is set: mail is kept, not sent)"
    if settings.TRACKER_DEMO:
        for name, password in passwords.items():
            yield f"New login    {name}  {password}"
        yield f"Logins       demo and colleague; passwords in {shown(settings.VAR_DIR / 'demo-login.txt')}"
    yield "Stop         Ctrl-C"
    yield ""


def shown(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR)) if path.is_relative_to(settings.BASE_DIR) else str(path)


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock of the one `up` that may run on this folder. The system releases it however `up` ends."""
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CommandError(
                f"The tracker is already running ({file.read().strip() or 'just starting'})."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, http://127.0.0.1:{settings.TRACKER_PORT}/")
        file.flush()
        yield


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                reason = f"Port {port} is in use by another program"
            else:
                reason = f"Port {port} cannot be used: {error.strerror}"
            other = port + 1 if port < 65535 else 8000
            hint = f"Choose another:  TRACKER_PORT={other} python3 manage.py up"
            raise CommandError(f"{reason}. {hint}") from error


def check_redis() -> None:
    if settings.BROKER_URL == settings.EMBEDDED_REDIS_URL:
        if find_redis_server() is None:
            raise CommandError(f"No redis-server found. {HOW_TO_GET}")
    elif not is_answering(client_for(settings.BROKER_URL)):
        raise CommandError(
            "The Redis of REDIS_URL does not answer. Start it, correct REDIS_URL, or unset it."
        )


def check_database() -> None:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise CommandError(
            f"The database of DATABASE_URL does not answer: {str(error).strip().splitlines()[0]}"
        ) from error

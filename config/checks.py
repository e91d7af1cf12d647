"""System checks over the environment: every bad value at once, in words, with a hint."""

import sys
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks

from config.env import is_loopback


@register("environment")
def environment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One error for each environment variable that could not be used."""
    return [
        Error(problem.text, hint=problem.hint, id=f"config.E{number:03}")
        for number, problem in enumerate(settings.ENVIRONMENT.problems, start=1)
    ]


@register(Tags.security, deploy=True)
def production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What is right for a first try and wrong for a public site."""
    found: list[CheckMessage] = []
    if settings.TRACKER_DEMO:
        found.append(
            Error(
                "Demo mode is on: the demo logins are kept in a readable file.",
                hint="Set TRACKER_DEMO=0, and delete the users demo and colleague.",
                id="config.E101",
            )
        )
    if settings.BROKER_URL == settings.EMBEDDED_REDIS_URL:
        found.append(
            Error(
                "The embedded Redis is in use; it gets no security updates.",
                hint="Install a Redis server and set REDIS_URL.",
                id="config.E102",
            )
        )
    if not settings.IS_HTTPS:
        found.append(
            Error(
                f"TRACKER_SITE_URL is {settings.TRACKER_SITE_URL}: pages and passwords would travel in the clear.",
                hint="Put a proxy with a certificate in front and set TRACKER_SITE_URL=https://...",
                id="config.E103",
            )
        )
    if settings.MAIL_SERVER is None:
        found.append(
            Error(
                "EMAIL_URL is unset: overdue mail stays in the local mailbox and reaches nobody.",
                hint="Set EMAIL_URL=smtp://USER:PASSWORD@HOST:587?tls=1",
                id="config.E104",
            )
        )
    elif settings.TRACKER_MAIL_FROM.rstrip(">").endswith("@localhost"):
        found.append(
            Error(
                "TRACKER_MAIL_FROM is unset: mail from @localhost is refused nearly everywhere.",
                hint="Set TRACKER_MAIL_FROM to an address of your own domain.",
                id="config.E105",
            )
        )
    if (
        settings.MAIL_SERVER
        and not (settings.MAIL_SERVER.tls or settings.MAIL_SERVER.ssl)
        and not is_loopback(settings.MAIL_SERVER.host)
    ):
        found.append(
            Warning(
                "EMAIL_URL uses no encryption: mail and its password travel in the clear.",
                hint="Add ?tls=1, or use smtps://",
                id="config.W102",
            )
        )
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        found.append(
            Warning(
                "SQLite is in use: fine for one machine and little traffic, hard to back up while running.",
                hint="Set DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/NAME",
                id="config.W101",
            )
        )
    return found


def refuse_bad_environment(*, exit_code: int = 1) -> None:
    """End the process with every error in words; for entry points that run no checks by themselves."""
    errors = [message for message in run_checks() if message.is_serious() and not message.is_silenced()]
    if errors:
        sys.stderr.write("The tracker cannot start:\n")
        for message in errors:
            sys.stderr.write(f"  {message}\n")
        raise SystemExit(exit_code)

"""System checks over the environment: every bad value at once, in words, with a hint."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.checks import Warning as Caution

from config.env import is_loopback

SHORTEST_SECRET = 50


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
    return [*site_for_production(), *stores_for_production(), *mail_for_production()]


def site_for_production() -> Iterator[CheckMessage]:
    if settings.TRACKER_DEMO:
        yield Error(
            "Demo mode is on: the passwords of the demo logins are kept in a file.",
            hint="Set TRACKER_DEMO=0, and delete the users demo and colleague.",
            id="config.E101",
        )
    if not settings.IS_HTTPS:
        yield Error(
            f"TRACKER_SITE_URL is {settings.TRACKER_SITE_URL}: passwords would travel in the clear.",
            hint="Put a proxy with a certificate in front and set TRACKER_SITE_URL=https://...",
            id="config.E103",
        )
    if len(settings.SECRET_KEY) < SHORTEST_SECRET:
        yield Error(
            f"TRACKER_SECRET_KEY is shorter than {SHORTEST_SECRET} characters.",
            hint="Unset it: a good one is then made and kept in var/secret_key.",
            id="config.E106",
        )
    if not settings.TRACKER_SECURITY_CONTACT:
        yield Caution(
            "TRACKER_SECURITY_CONTACT is unset: who finds a weakness is not told whom to tell.",
            hint="Set it to an address that somebody reads, such as security@example.org",
            id="config.W104",
        )


def stores_for_production() -> Iterator[CheckMessage]:
    if settings.BROKER_URL == settings.EMBEDDED_REDIS_URL:
        yield Error(
            "The embedded Redis is in use; it gets no security updates.",
            hint="Install a Redis server and set REDIS_URL.",
            id="config.E102",
        )
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield Caution(
            "SQLite is in use: fine for one machine and little traffic, harder to back up while it runs.",
            hint="Set DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/NAME",
            id="config.W101",
        )


def mail_for_production() -> Iterator[CheckMessage]:
    server = settings.MAIL_SERVER
    if server is None:
        yield Error(
            "EMAIL_URL is unset: overdue mail stays in the local mailbox and reaches nobody.",
            hint="Set EMAIL_URL=smtp://USER:PASSWORD@HOST:587?tls=1",
            id="config.E104",
        )
        return
    if settings.TRACKER_MAIL_FROM.rstrip(">").endswith("@localhost"):
        yield Error(
            "TRACKER_MAIL_FROM is unset: mail from @localhost is refused nearly everywhere.",
            hint="Set TRACKER_MAIL_FROM to an address of your own domain.",
            id="config.E105",
        )
    if not settings.TRACKER_BOUNCE_ADDRESS:
        yield Caution(
            "TRACKER_BOUNCE_ADDRESS is unset: nobody notices mail that comes back, and dead addresses are"
            " written to again and again.",
            hint="Set it to an address that your mail server hands to `manage.py take_bounce`: docs/mail.md",
            id="config.W103",
        )
    if not (server.tls or server.ssl or is_loopback(server.host)):
        yield Caution(
            "EMAIL_URL uses no encryption: mail and its password travel in the clear.",
            hint="Add ?tls=1, or use smtps://",
            id="config.W102",
        )


def refuse_bad_environment(*, exit_code: int = 1) -> None:
    """End the process with every error in words; for entry points that run no checks by themselves."""
    errors = [message for message in run_checks() if message.is_serious() and not message.is_silenced()]
    if errors:
        sys.stderr.write("The tracker cannot start:\n")
        for message in errors:
            hint = f"\n    {message.hint}" if message.hint else ""
            sys.stderr.write(f"  {message.id}: {message.msg}{hint}\n")
        raise SystemExit(exit_code)

import os
import sys
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from tracker.alerts.bounce_mail import LARGEST
from tracker.alerts.bounces import take_bounce


class Command(BaseCommand):
    help = "Takes one message that came to the bounce address, from standard input: for the mail server."
    # A mail server gives a message up when a command fails for good; what is wrong here can be mended.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipient", help="the address of the envelope; default: from the headers")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LARGEST)
        while sys.stdin.buffer.read(LARGEST):
            """Mail servers take it for a failure when nobody reads what they write."""
        # With a wrong key or database every bounce would look like somebody else's, and be gone.
        if errors := [each for each in run_checks(tags=["environment"]) if each.is_serious()]:
            raise _later("\n".join(f"{each.msg} {each.hint}" for each in errors))
        if not settings.TRACKER_BOUNCE_ADDRESS:
            raise _later(
                "TRACKER_BOUNCE_ADDRESS is unset: no return path can be read. Set it as in docs/mail.md"
            )
        try:
            outcome = take_bounce(raw, recipient=options["recipient"], now=timezone.now())
        except (Error, ImproperlyConfigured) as error:
            raise _later(f"The database can't be used now: {type(error).__name__}") from error
        self.stdout.write(str(outcome))


def _later(words: str) -> CommandError:
    """Return an error that makes the mail server keep the message and try again."""
    return CommandError(words, returncode=os.EX_TEMPFAIL)

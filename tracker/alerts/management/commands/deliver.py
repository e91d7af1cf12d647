from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tracker.alerts.deliver import drain


class Command(BaseCommand):
    help = "Sends the alerts that are due, as the worker does; needs neither worker nor Redis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", help="pretend it is this instant, ISO 8601 with an offset")

    def handle(self, *args: Any, **options: Any) -> None:
        done = drain(now=self.instant(options["now"]))
        counts = ", ".join(f"{count} {state.value}" for state, count in sorted(done.items()))
        self.stdout.write(counts or "nothing to send")

    def instant(self, text: str | None) -> datetime:
        if text is None:
            return timezone.now()
        try:
            now = parse_datetime(text)
        except ValueError as error:
            raise CommandError(f"--now: “{text}” is no instant: {error}.") from error
        if now is None or now.tzinfo is None:
            raise CommandError(f"--now: write “{text}” with time and offset: 2025-04-09T00:00:00+03:00.")
        return now.astimezone(UTC)

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tracker.alerts.subscribing import forget_unconfirmed
from tracker.instants import instant


class Command(BaseCommand):
    help = "Deletes requests for mail that nobody confirmed in seven days, and addresses that follow nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", help="pretend it is this instant, ISO 8601 with an offset")

    def handle(self, *args: Any, **options: Any) -> None:
        now = instant(options["now"]) if options["now"] is not None else timezone.now()
        count = forget_unconfirmed(now=now)
        self.stdout.write(f"{count} addresses forgotten")

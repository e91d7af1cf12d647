from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tracker.alerts.deliver import drain
from tracker.health.beats import beat_delivery
from tracker.instants import instant


class Command(BaseCommand):
    help = "Queues and sends the alerts that are due, as the worker does; needs neither worker nor Redis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", help="pretend it is this instant, ISO 8601 with an offset")

    def handle(self, *args: Any, **options: Any) -> None:
        clock = timezone.now()
        now = instant(options["now"]) if options["now"] is not None else clock
        done = drain(now=now)
        if options["now"] is None:
            beat_delivery(now=clock, reached=done.reached)
        counts = ", ".join(f"{count} {state.value}" for state, count in sorted(done.items()))
        self.stdout.write(counts or "nothing to send")

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.alerts.climbing import due_rungs
from tracker.health.beats import beat
from tracker.health.models import Part
from tracker.instants import instant
from tracker.watch.sweep import due_now, sweep


class Command(BaseCommand):
    help = "Flags every published pledge that passed its deadline unfulfilled, and queues the alerts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", help="pretend it is this instant, ISO 8601 with an offset")
        parser.add_argument("--dry-run", action="store_true", help="list what is due; change nothing")
        parser.add_argument(
            "--digest-now",
            action="store_true",
            help="send the digest of the backlog at once instead of waiting for more",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clock = timezone.now()
        now = instant(options["now"]) if options["now"] is not None else clock
        # The record would say for ever that a pledge was late before it was.
        if now > clock and not options["dry_run"] and not settings.TRACKER_DEMO:
            raise CommandError(
                f"--now: {options['now']} has not come yet, and nothing is called late before it is."
                " Add --dry-run to see what would be due."
            )
        if options["dry_run"]:
            self.list_due(now)
            return
        result = sweep(
            now=now,
            recorded_at=max(now, clock),
            digest_after=timedelta(0) if options["digest_now"] else None,
        )
        if options["now"] is None:
            beat(Part.SWEEP, now=clock)
        self.stdout.write(
            f"{result.flagged} flagged overdue at {now.isoformat()}"
            f" ({result.backlog} of them were late when published);"
            f" {result.follow_ups} follow-ups"
        )

    def list_due(self, now: datetime) -> None:
        due = due_now(now=now)
        for pledge in due:
            self.stdout.write(f"{pledge.reference}  due {pledge.due_on}  {pledge.title}")
        self.stdout.write(f"{len(due)} would be flagged overdue at {now.isoformat()}")
        rungs = due_rungs(now=now)
        for reached in rungs:
            self.stdout.write(f"follow-up  {reached}")
        self.stdout.write(f"{len(rungs)} follow-ups would be written")

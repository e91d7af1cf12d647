from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from pledges import record


class Command(BaseCommand):
    help = (
        "Takes the day's checkpoint of the public record, as the worker does; needs neither worker nor Redis."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="even if this day (UTC) has one already")

    def handle(self, *args: Any, **options: Any) -> None:
        checkpoint = record.take_checkpoint(now=timezone.now(), even_if_taken=options["again"])
        if checkpoint is None:
            self.stdout.write("this day has a checkpoint already; --again takes a further one")
        else:
            self.stdout.write(f"checkpoint {checkpoint.number}: {checkpoint.hash}, {checkpoint.size} streams")

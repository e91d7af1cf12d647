import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pledges.recounting import Recounted, recounted


class Command(BaseCommand):
    help = (
        "Counts dates in working days again by the present table of holidays and lists those that would move."
        " Changes nothing: a person corrects the deadline in the admin, or leaves it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(recounted())
        for each in found:
            self.stdout.write(as_json(each) if options["json"] else in_words(each))
        if not options["json"]:
            self.stdout.write(f"{len(found)} dates would move; none was changed")


def in_words(each: Recounted) -> str:
    return f"{each.pledge.reference}  {each.deadline.latest} -> {each.found.latest}  {each.sentence}"


def as_json(each: Recounted) -> str:
    facts = {
        "reference": each.pledge.reference,
        "stored": str(each.deadline.latest),
        "recounted": str(each.found.latest),
        "calendar_version": each.found.explanation.calendar_version,
        "explanation": each.sentence,
    }
    return json.dumps(facts, ensure_ascii=False)

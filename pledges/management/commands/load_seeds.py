"""`manage.py load_seeds [PATH ...] [--check]`: replay the seed files through the writers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pledges.seeding import Loaded, SeedsError, check_seeds, load_seeds
from pledges.seeding.people import AccountTakenError

# In the order of the summary, with their plurals.
NOUNS = {
    "source": "sources",
    "body": "bodies",
    "case": "cases",
    "pledge": "pledges",
    "deadline move": "deadline moves",
    "update": "updates",
    "assessment": "assessments",
    "publication": "publications",
}


class Command(BaseCommand):
    help = "Load real pledges from seed files. Running it twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            type=Path,
            metavar="PATH",
            help="seed files or folders of them; without any, the seeds/ folder of the project",
        )
        parser.add_argument("--check", action="store_true", help="validate and write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        paths = options["paths"] or [Path(settings.BASE_DIR) / "seeds"]
        run = check_seeds if options["check"] else load_seeds
        try:
            loaded = run(paths, now=timezone.now())
        except SeedsError as refused:
            raise CommandError(f"{refused}\nNothing was loaded.") from refused
        except AccountTakenError as error:
            raise CommandError(str(error)) from error
        for difference in loaded.differences:
            self.stderr.write(f"Different: {difference}")
        self.stdout.write(_summary(loaded, is_check=options["check"]))


def _summary(loaded: Loaded, *, is_check: bool) -> str:
    seen = f"{_count(loaded.pledges, 'pledge')} in {_count(loaded.files, 'seed file')}"
    added = [_count(loaded.added[noun], noun) for noun in NOUNS if loaded.added[noun]]
    if not added:
        return f"Nothing to add: all is recorded already ({seen})."
    verb = "Valid, would add" if is_check else "Added"
    return f"{verb} {', '.join(added)} ({seen})."


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {NOUNS.get(noun, noun + 's')}"

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pledges.ledger.dump import SCRIPT, NotADumpError, export


class Command(BaseCommand):
    help = "Writes the public record into a folder, with a script that verifies it offline."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="new, empty, or an earlier copy, which is replaced")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            count = export(folder)
        except NotADumpError as error:
            raise CommandError(f"{error}. Name a new or empty folder; nothing was written.") from error
        except OSError as error:
            raise CommandError(f"{folder} can't be written: {error}") from error
        self.stdout.write(f"{count} events written. Verify them: python3 {folder / SCRIPT.name} {folder}")

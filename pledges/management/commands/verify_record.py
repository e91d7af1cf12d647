from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pledges.ledger.verifying import verify


class Command(BaseCommand):
    help = (
        "Verifies that nobody altered the record: every hash chain, every row that the pages show against"
        " the log, and every checkpoint. Exits with 1 and names what was altered, missing or put in."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        looked_at = f"{found.events} events in {found.streams} streams, {found.checkpoints} checkpoints"
        if not found.faults:
            self.stdout.write(f"{looked_at}: nothing was altered")
            return
        for fault in found.faults:
            self.stdout.write(str(fault))
        raise CommandError(f"{looked_at}: {len(found.faults)} faults, see above", returncode=1)

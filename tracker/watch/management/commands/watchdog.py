from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone, translation

from tracker.health.words import since_when
from tracker.watch.watchdog import Finding, look

LATE = 1
NO_DATABASE = 2


class Command(BaseCommand):
    help = (
        "Looks whether the watch works; where it is late, does its work and tells staff. Needs neither Redis"
        " nor a worker. Exit code: 0 all is well, 1 something is late, 2 the database does not answer."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            finding = look(now=timezone.now())
        except DatabaseError as error:
            # Its first line only: what follows may quote a statement.
            words = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise CommandError(
                f"The database can't be used, so nothing could be looked at: {words}",
                returncode=NO_DATABASE,
            ) from error
        for line in finding.done:
            self.stdout.write(line)
        # For a log that programs read: the same words whatever the language of the pages.
        with translation.override("en"):
            self.report(finding)

    def report(self, finding: Finding) -> None:
        late = [f"{part.value} is late, {since_when(since)}" for part, since in finding.health.late.items()]
        if not late and not finding.troubles:
            self.stdout.write("all works again" if finding.is_over else "all is well")
            return
        raise CommandError("\n".join([*late, *finding.troubles]), returncode=LATE)

"""`manage.py bench`: measures speed as ratios to a baseline taken in the same run."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.gunicorn import FOR_PAGES

POSTGRESQL, SQLITE = "postgresql", "sqlite"
RECORD, PAGES, SERVING = PARTS = ("record", "pages", "serving")
LEAST = 2_000  # so that every case has a pledge
SIZES = [10_000, 100_000, 1_000_000]
# Set in the child, which finds an empty database of its own behind DATABASE_URL.
INSIDE = "TRACKER_BENCH_INSIDE"


class Command(BaseCommand):
    help = (
        "Measures the sweep, the hash chains, the alerts and the public pages on throw-away databases; "
        "prints ratios within the same run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", choices=(POSTGRESQL, SQLITE), help="only on this one")
        parser.add_argument("--only", choices=PARTS, help="only this part")
        parser.add_argument(
            "--sizes",
            type=lambda text: [int(part) for part in text.split(",")],
            default=SIZES,
            help="numbers of pledges, rising, such as 10000,100000",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sizes: list[int] = options["sizes"]
        if sizes != sorted(set(sizes)) or sizes[0] < LEAST:
            raise CommandError(f"--sizes: give rising numbers from {LEAST} on.")
        if os.environ.get(INSIDE):
            self.measure(options["only"], sizes)
            return
        parts = [options["only"]] if options["only"] else PARTS
        if options["database"] in (None, POSTGRESQL):
            for part in parts:
                self.on_postgresql(part, sizes)
        if options["database"] in (None, SQLITE) and RECORD in parts:
            with tempfile.TemporaryDirectory(prefix="pledge-bench-") as folder:
                self.run_child(SQLITE, f"sqlite:///{folder}/bench.sqlite3", folder, RECORD, sizes)

    def on_postgresql(self, part: str, sizes: list[int]) -> None:
        from tests.support import postgres

        binaries = postgres.find_binaries()
        if binaries is None:
            raise CommandError(f"No PostgreSQL here: {postgres.HOW_TO_GET}, or pass --database sqlite.")
        with (
            tempfile.TemporaryDirectory(prefix="pledge-bench-") as folder,
            postgres.private_cluster(binaries, postgres.LIKE_PRODUCTION) as url,
        ):
            self.run_child(POSTGRESQL, url, folder, part, sizes)

    def run_child(self, name: str, url: str, var: str, part: str, sizes: list[int]) -> None:
        self.stdout.write(f"{part} on {name}: medians within this run")
        self.stdout.flush()
        environment = os.environ | {
            INSIDE: "1",
            "DATABASE_URL": url,
            "TRACKER_VAR_DIR": str(Path(var) / "var"),
            "TRACKER_DEMO": "0",
        }
        if part != RECORD:
            # As the web server does.
            environment["PGOPTIONS"] = FOR_PAGES
        command = [sys.executable, "manage.py", "bench", "--only", part, "--sizes", ",".join(map(str, sizes))]
        code = subprocess.call(command, env=environment, cwd=settings.BASE_DIR)
        if code:
            raise CommandError(f"The measurement on {name} failed with exit code {code}.")

    def measure(self, part: str, sizes: list[int]) -> None:
        from tests.benchmarks import chains, delivery, fan_out, pages, serving, sweep

        call_command("migrate", verbosity=0)
        if part == PAGES:
            pages.measure(sizes[-2:], self.stdout.write)
            return
        if part == SERVING:
            serving.measure(LEAST, self.stdout.write)
            return
        chains.measure(sizes[0], self.stdout.write)
        sweep.measure(sizes, self.stdout.write)
        # Last, because they leave alerts behind.
        delivery.measure(delivery.MAILS, self.stdout.write)
        fan_out.measure(fan_out.SUBSCRIBERS, self.stdout.write)

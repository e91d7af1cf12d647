"""Every kind of public page on a large record: how long it takes, and how that compares with its bare SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from config.gunicorn import post_worker_init
from pledges.deadlines.timeliness import Timeliness
from pledges.models import Pledge
from pledges.models.choices import Action, Status
from tests.benchmarks.public_record import BODIES, CASES, NOW, WORDS, grow_to

ROUNDS = 40
DEEP = 1_000  # pages
# Also those that no pledge has, and those that go the whole way to the other end of the list.
FACETS = (
    *(f"status={value}" for value in Status.values),
    *(f"action={value}" for value in Action.values),
    *(f"timeliness={value}" for value in Timeliness),
    *(f"timeliness={value}&order=due" for value in Timeliness),
)
# What is measured is the making of a page.
NOTHING_KEPT = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
API = "/api/v1/pledges"
Addresses = Callable[[int], str]


@dataclass(frozen=True)
class Measured:
    """Seconds of the first visits to pages, of further ones, and of their statements alone."""

    first: list[float]
    whole: list[float]
    bare: list[float]

    def __str__(self) -> str:
        ratio = median(self.whole) / median(self.bare)
        return (
            f"p50 {median(self.whole) * 1000:6.1f} ms, p95 {late(self.whole) * 1000:6.1f} ms "
            f"= {ratio:5.2f} x its SQL; first visit p95 {late(self.first) * 1000:6.1f} ms"
        )


def late(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def measure(sizes: list[int], say: Callable[[str], object]) -> None:
    """Print the figures of each kind of page on each size of a record."""
    for size in sizes:
        grow_to(size)
        say(f"  {size:>9,} pledges")
        post_worker_init(None)
        with (
            time_machine.travel(NOW, tick=False),
            override_settings(CACHES=NOTHING_KEPT, ALLOWED_HOSTS=["*"]),
        ):
            for name, addresses in kinds(size).items():
                say(f"    {name:<28} {measured(addresses)}")


def kinds(size: int) -> dict[str, Addresses]:
    references = Pledge.objects.order_by("pk").values_list("reference", flat=True)
    place = deep(size)
    some = list(references[:: max(1, size // ROUNDS)][: ROUNDS + 1])
    return {
        "overview": lambda n: f"/?{n}",
        "list": lambda n: f"/pledges/?{n}",
        "list, one filter": lambda n: f"/pledges/?{FACETS[n % len(FACETS)]}&{n}",
        "list, case and body": lambda n: f"/pledges/?case=case-{1 + n % CASES}&body=body-{1 + n % BODIES}",
        "list, by due date": lambda n: f"/pledges/?order=due&{n}",
        f"list, page {DEEP:,}": lambda n: f"/pledges/?after={place}&{n}",
        "overdue": lambda n: f"/overdue/?{n}",
        "search, a rare word": lambda n: f"/pledges/?words=zz{n}",
        "search, one of 200": lambda n: f"/pledges/?words=harbour&{n}",
        "search, two common words": lambda n: f"/pledges/?words=inquiry+{WORDS[n % len(WORDS)]}",
        "search, an old word": lambda n: f"/pledges/?words=ceasefire&{n}",
        "search, a word of all": lambda n: f"/pledges/?words=report&{n}",
        "pledge": lambda n: f"/pledges/{some[n % len(some)]}/",
        "case": lambda n: f"/cases/case-{1 + n}/",
        "body": lambda n: f"/bodies/body-{1 + n}/",
        "cases": lambda n: f"/cases/?{n}",
        "bodies": lambda n: f"/bodies/?{n}",
        "calendar": lambda n: f"/calendar/{2009 + n % 15}/{1 + n % 12:02}/",
        "feed": lambda n: f"/feed.atom?{n}",
        "API, list": lambda _n: API,
        "API, list, one filter": lambda n: f"{API}?{FACETS[n % len(FACETS)]}",
        f"API, list, page {DEEP:,}": lambda _n: f"{API}?after={place}",
        "API, search, a rare word": lambda n: f"{API}?words=zz{n}",
        "API, pledge": lambda n: f"{API}/{some[n % len(some)]}",
        "API, events": lambda _n: "/api/v1/events",
    }


def deep(size: int) -> str:
    """Return a place far down the list, found as a reader finds it: by what stands there."""
    offset = min(DEEP * 25, size - 100)
    row = Pledge.objects.published().order_by("-made_on", "-reference")[offset]
    return f"{row.made_on}~{row.reference}"


def measured(addresses: Addresses) -> Measured:
    """Visit each address twice: at the first visit much of what it reads is on the disk alone."""
    client = Client()
    client.get(addresses(0))
    numbers = range(1, ROUNDS + 1)
    first = [visit(client, addresses(number)) for number in numbers]
    whole = [visit(client, addresses(number)) for number in numbers]
    return Measured(first, whole, [alone(client, addresses(number)) for number in numbers])


def visit(client: Client, address: str) -> float:
    """Return the seconds that a page takes, in which nobody kept it."""
    start = perf_counter()
    answer = client.get(address)
    took = perf_counter() - start
    if answer.status_code != 200:
        raise AssertionError(f"{address} answered {answer.status_code}")
    return took


def alone(client: Client, address: str) -> float:
    """Return the seconds that the statements of a page take by themselves."""
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    statements = [query["sql"] for query in captured if query["sql"].lstrip().startswith(("SELECT", "WITH"))]
    start = perf_counter()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
    return perf_counter() - start

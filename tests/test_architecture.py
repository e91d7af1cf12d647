"""Who may know whom, who may read the clock, who may write. Every rule has a control that breaks it."""

from collections.abc import Callable

import pytest

from tests.support.architecture import (
    BASE_DIR,
    Module,
    clock_reads,
    forbidden_imports,
    imported,
    modules,
    record_writes,
    starts_with,
    too_long,
)

ALL = modules()
CODE = [module for module in ALL if not module.is_under("tests")]
# The two commands that run what is in tests/.
TEST_RUNNERS = ("config/management/commands/test.py", "config/management/commands/bench.py")
# Edges, where an instant enters: commands, tasks, and the one place a request's instant is taken.
CLOCK_EDGES = (
    "pledges/management",
    "pledges/admin/moment.py",
    "tracker/watch/management",
    "tracker/watch/tasks.py",
    "tracker/alerts/management",
    "tracker/alerts/tasks.py",
    "tracker/public/moment.py",
    # When a commit was seen, which nobody could have known before.
    "tracker/edition.py",
    "config/management",
    "config/views.py",
)
DEADLINES_KNOW_NOT = (
    "django",
    "config",
    "tracker",
    "celery",
    "redis",
    *(f"pledges.{room}" for room in ("models", "record", "admin", "management", "migrations", "roles")),
)
ALERTS_BUT_THEIR_MODELS = tuple(
    sorted(
        {
            f"tracker.alerts.{path.stem}"
            for path in (BASE_DIR / "tracker" / "alerts").iterdir()
            if path.stem not in ("models", "__init__", "__pycache__")
        }
    )
)
Rule = Callable[[Module], list[str]]


def broken(rule: Rule, among: list[Module]) -> list[str]:
    return [complaint for module in among for complaint in rule(module)]


def room_rule(module: Module) -> list[str]:
    """config -> tracker -> pledges; inside tracker watch, public and letters -> alerts; never back.

    All of them may ask the health of the watch. It knows nobody: of the alerts their rows alone.
    """
    forbidden: dict[str, tuple[str, ...]] = {
        "pledges": ("tracker", "config", "tests", "celery", "redis"),
        "tracker/alerts": ("config", "tests", "tracker.watch", "tracker.public", "tracker.letters"),
        "tracker/health": (
            "config",
            "tests",
            "tracker.watch",
            "tracker.public",
            "tracker.letters",
            "celery",
            "redis",
            *ALERTS_BUT_THEIR_MODELS,
        ),
        "tracker/watch": ("config", "tests", "tracker.public", "tracker.letters"),
        "tracker/public": ("config", "tests", "tracker.watch", "tracker.letters", "celery", "redis"),
        "tracker/letters": ("config", "tests", "tracker.watch", "tracker.public", "celery", "redis"),
        "config": () if module.is_under(*TEST_RUNNERS) else ("tests",),
    }
    return [
        line
        for room, prefixes in forbidden.items()
        if module.is_under(room)
        for line in forbidden_imports(module, *prefixes)
    ]


def letters_rule(module: Module) -> list[str]:
    """Letters know the follow-ups that occasion them, and nothing of how alerts are told."""
    if not module.is_under("tracker/letters"):
        return []
    return [
        f"{module.path}:{line} imports {name}"
        for line, name, _ in imported(module)
        if starts_with(name, "tracker.alerts") and not starts_with(name, "tracker.alerts.models")
    ]


def deadlines_rule(module: Module) -> list[str]:
    if not module.is_under("pledges/deadlines"):
        return []
    return forbidden_imports(module, *DEADLINES_KNOW_NOT)


def mail_rule(module: Module) -> list[str]:
    if module.is_under("tracker/alerts/emails.py"):
        return []
    # SMTP's own client and errors are known where a delivery's outcome is observed and judged.
    knows_smtp = module.is_under("tracker/alerts/smtp.py", "tracker/alerts/outcomes.py")
    return forbidden_imports(module, "django.core.mail", "email.mime", *([] if knows_smtp else ["smtplib"]))


def clock_rule(module: Module) -> list[str]:
    return [] if module.is_under(*CLOCK_EDGES) else clock_reads(module)


def writers_rule(module: Module) -> list[str]:
    """Only pledges/record writes to the record. Migrations move rows that no writer knows yet."""
    if module.is_under("pledges/record", "pledges/migrations"):
        return []
    return record_writes(module)


def length_rule(module: Module) -> list[str]:
    if "/migrations/" in module.path:
        return []
    return too_long(module, 400 if module.is_under("tests") else 300)


RULES: dict[str, tuple[Rule, list[Module]]] = {
    "rooms": (room_rule, CODE),
    "deadlines": (deadlines_rule, CODE),
    "letters": (letters_rule, CODE),
    "mail": (mail_rule, CODE),
    "clock": (clock_rule, CODE),
    "writers": (writers_rule, CODE),
    "length": (length_rule, ALL),
}


@pytest.mark.parametrize("name", RULES)
def test_the_source_keeps_the_rule(name: str) -> None:
    rule, among = RULES[name]
    assert broken(rule, among) == []


def test_the_source_was_found() -> None:
    paths = {module.path for module in ALL}
    assert {"manage.py", "config/settings.py", "pledges/models/pledge.py", "tracker/watch/sweep.py"} <= paths


MODELS = "from pledges.models import Pledge\n"
BREACHES = [
    ("rooms", "pledges/x.py", "import tracker.alerts"),
    ("rooms", "pledges/x.py", "def f():\n    from tracker import watch"),
    ("rooms", "pledges/admin/x.py", "from celery import shared_task"),
    ("rooms", "tracker/alerts/x.py", "from tracker.watch.sweep import sweep"),
    ("rooms", "tracker/alerts/x.py", "from ..watch import sweep"),
    ("rooms", "tracker/alerts/x.py", "from .. import public"),
    ("rooms", "tracker/watch/x.py", "import tracker.public.views"),
    ("rooms", "tracker/public/x.py", "from tracker.watch import tasks"),
    ("rooms", "tracker/public/x.py", "from config import settings"),
    ("rooms", "config/x.py", "import tests.support"),
    ("rooms", "pledges/admin/x.py", "from tracker.letters.models import Letter"),
    ("rooms", "tracker/alerts/x.py", "from tracker.letters import writing"),
    ("rooms", "tracker/watch/x.py", "from ..letters.models import Letter"),
    ("rooms", "tracker/public/x.py", "import tracker.letters.models"),
    ("rooms", "tracker/letters/x.py", "from tracker.public import standing"),
    ("rooms", "tracker/letters/x.py", "from celery import shared_task"),
    ("letters", "tracker/letters/x.py", "from tracker.alerts import deliver"),
    ("letters", "tracker/letters/x.py", "from tracker.alerts.emails import Mailer"),
    ("letters", "tracker/letters/x.py", "from ..alerts.models import FollowUp\nfrom ..alerts import fan_out"),
    ("mail", "tracker/letters/x.py", "from django.core.mail import send_mail"),
    ("rooms", "tracker/health/x.py", "from tracker.alerts.deliver import drain"),
    ("rooms", "tracker/health/x.py", "from tracker.alerts import fan_out"),
    ("rooms", "tracker/health/x.py", "from tracker.watch.sweep import sweep"),
    ("rooms", "tracker/health/x.py", "from ..public import moment"),
    ("rooms", "tracker/health/x.py", "import redis"),
    ("deadlines", "pledges/deadlines/x.py", "from django.utils import timezone"),
    ("deadlines", "pledges/deadlines/x.py", "from pledges.models import Pledge"),
    ("deadlines", "pledges/deadlines/x.py", "from ..models import Pledge"),
    ("deadlines", "pledges/deadlines/languages/x.py", "from ...record import pledges"),
    ("mail", "tracker/alerts/x.py", "from django.core import mail"),
    ("mail", "tracker/alerts/x.py", "from django.core.mail import EmailMessage"),
    ("mail", "config/x.py", "import smtplib"),
    ("clock", "pledges/record/x.py", "from django.utils import timezone\ntimezone.now()"),
    ("clock", "pledges/models/x.py", "from django.utils.timezone import now as n\nf(default=n)"),
    ("clock", "tracker/watch/sweep.py", "from datetime import datetime, UTC\ndatetime.now(UTC)"),
    ("clock", "tracker/watch/sweep.py", "import datetime\ndatetime.datetime.now()"),
    ("clock", "tracker/alerts/x.py", "from datetime import date\ndate.today()"),
    ("clock", "tracker/alerts/x.py", "import time\ntime.time()"),
    ("clock", "tracker/alerts/x.py", "import datetime as d\nd.date.today()"),
    ("writers", "tracker/watch/x.py", MODELS + "Pledge.objects.filter(pk=1).update(title='x')"),
    ("writers", "tracker/watch/x.py", MODELS + "Pledge.objects.create()"),
    ("writers", "tracker/watch/x.py", MODELS + "Pledge.objects.bulk_create([])"),
    ("writers", "tracker/watch/x.py", MODELS + "def f(p: Pledge):\n    p.save()"),
    ("writers", "tracker/watch/x.py", MODELS + "def f(p: 'Pledge | None'):\n    p.delete()"),
    ("writers", "tracker/watch/x.py", MODELS + "p = Pledge.objects.get(pk=1)\np.save()"),
    ("writers", "tracker/watch/x.py", MODELS + "for p in Pledge.objects.all():\n    p.bodies.set([])"),
    ("writers", "tracker/watch/x.py", MODELS + "q = Pledge.objects.all()\n[p.delete() for p in q]"),
    ("writers", "pledges/admin/x.py", "from ..models import Event\nEvent(kind='x').save()"),
    ("writers", "pledges/admin/x.py", "from pledges import models\nmodels.Pledge.objects.create()"),
    ("writers", "pledges/admin/x.py", "class A:\n    def f(self):\n        super().save_model(1)"),
    ("writers", "tracker/alerts/x.py", "SQL = 'UPDATE pledges_pledge SET title = 1'"),
    ("writers", "tracker/alerts/x.py", "SQL = 'insert into \"pledges_event\" values (1)'"),
    ("length", "tracker/alerts/x.py", "pass\n" * 301),
    ("length", "tests/x.py", "pass\n" * 401),
]
ALLOWED = [
    ("rooms", "tracker/watch/x.py", "from tracker.alerts import fan_out\nfrom pledges import record"),
    ("rooms", "config/x.py", "from tracker.alerts import fan_out"),
    ("letters", "tracker/letters/x.py", "from tracker.alerts.models import FollowUp"),
    ("letters", "tracker/letters/x.py", "from ..alerts.models import FollowUp\nfrom pledges import record"),
    ("rooms", "tracker/health/x.py", "from tracker.alerts.models import Alert"),
    ("rooms", "tracker/public/x.py", "from tracker.health.state import read_health"),
    ("deadlines", "pledges/deadlines/x.py", "from .lapse import lapse_instant\nimport holidays"),
    ("mail", "tracker/alerts/emails.py", "from django.core.mail import EmailMessage"),
    ("clock", "tracker/watch/tasks.py", "from django.utils import timezone\ntimezone.now()"),
    ("clock", "tracker/watch/x.py", "import time\ntime.monotonic()"),
    ("writers", "tracker/alerts/x.py", "from .models import Alert\nAlert.objects.update(state='sent')"),
    (
        "writers",
        "tracker/alerts/x.py",
        MODELS + "Pledge.objects.published().count()\nseen = set()\nseen.add(1)",
    ),
    ("writers", "pledges/record/x.py", MODELS + "Pledge.objects.create()"),
    ("length", "tracker/alerts/x.py", "pass\n" * 300),
    ("length", "pledges/migrations/0001_x.py", "pass\n" * 900),
]


@pytest.mark.parametrize(("name", "path", "text"), BREACHES)
def test_the_rule_sees_a_breach(name: str, path: str, text: str) -> None:
    assert RULES[name][0](Module(path, text))


@pytest.mark.parametrize(("name", "path", "text"), ALLOWED)
def test_the_rule_allows_what_is_right(name: str, path: str, text: str) -> None:
    assert RULES[name][0](Module(path, text)) == []

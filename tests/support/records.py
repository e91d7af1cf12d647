"""Short ways to a realistic record, through the real writers."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User

from pledges import record
from pledges.models import Assessment, Body, Case, Pledge, Source
from pledges.roles import RESEARCHER, REVIEWER

DAMASCUS = "Asia/Damascus"
NOON_4_APRIL = datetime(2025, 4, 4, 9, 0, tzinfo=UTC)
_numbers = count(1)


def make_user(role: str = RESEARCHER, **fields: Any) -> User:
    number = next(_numbers)
    fields.setdefault("username", f"{role.lower()}-{number}")
    fields.setdefault("email", f"{fields['username']}@ngo.example")
    user = User.objects.create_user(is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


def make_reviewer(**fields: Any) -> User:
    return make_user(REVIEWER, **fields)


def make_body(*, actor: User, now: datetime = NOON_4_APRIL, **fields: Any) -> Body:
    defaults: dict[str, Any] = {
        "name": f"Commission {next(_numbers)}",
        "kind": "commission",
        "country": "SY",
        "time_zone": DAMASCUS,
    }
    return record.record_body(**(defaults | fields), actor=actor, now=now)


def make_case(*, actor: User, now: datetime = NOON_4_APRIL, **fields: Any) -> Case:
    defaults: dict[str, Any] = {"title": f"Case {next(_numbers)}", "country": "SY"}
    return record.record_case(**(defaults | fields), actor=actor, now=now)


def make_source(*, actor: User, now: datetime = NOON_4_APRIL, **fields: Any) -> Source:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "title": f"Statement {number}",
        "url": f"https://news.example/{number}",
        "publisher": "News Example",
    }
    return record.record_source(**(defaults | fields), actor=actor, now=now)


def make_setting() -> dict[str, Any]:
    """Return what pledges of one statement share: who recorded them, their case, their source, their body."""
    author = make_user()
    return {
        "actor": author,
        "case": make_case(actor=author),
        "source": make_source(actor=author),
        "bodies": [make_body(actor=author)],
    }


def make_draft(
    *,
    actor: User | None = None,
    now: datetime = NOON_4_APRIL,
    latest: date | None = date(2025, 5, 4),
    phrase: str = "within one month",
    **fields: Any,
) -> Pledge:
    """A draft with the words of the founding case; `latest=None` leaves it without a date."""
    actor = actor or make_user()
    if "deadline" not in fields:
        fields["deadline"] = record.DeadlineTerms(
            phrase=phrase,
            anchor_on=date(2025, 4, 4),
            latest=latest,
            no_date_reason="" if latest else "vague",
        )
    defaults: dict[str, Any] = {
        "title": "Release a detailed report",
        "quote": "a detailed report within one month",
        "action": "report",
        "made_on": min(date(2025, 4, 4), now.date()),
        "speaker": "Government of Syria",
    }
    for name, make in (("case", make_case), ("source", make_source)):
        if name not in fields:
            fields[name] = make(actor=actor, now=now)
    if "bodies" not in fields:
        fields["bodies"] = [make_body(actor=actor, now=now)]
    return record.record_pledge(**(defaults | fields), actor=actor, now=now)


def make_pledge(*, now: datetime = NOON_4_APRIL, **fields: Any) -> Pledge:
    """A published pledge, recorded and published at `now` by two people."""
    return record.publish(pledge=make_draft(now=now, **fields), actor=make_reviewer(), now=now)


def judge(*, pledge: Pledge, actor: User, now: datetime, **judgement: Any) -> Assessment:
    """Assess a pledge by as many people as it takes."""
    pledge.refresh_from_db()
    needed = {name: judgement[name] for name in ("status", "effective_on")}
    if not record.needs_second_person(pledge, **needed):
        return record.assess(pledge=pledge, actor=actor, now=now, **judgement)
    record.propose_verdict(pledge=pledge, actor=actor, now=now, **judgement)
    return record.confirm_verdict(pledge=pledge, actor=make_reviewer(), now=now)

"""robots.txt and security.txt, read by the rules that programs follow."""

from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from tests.public.addresses import all_addresses
from tests.public.embeds.reading import SITE
from tests.support.founding import founding_case
from tests.support.subscribers import make_subscriber
from tracker.alerts import tokens
from tracker.alerts.tokens import Purpose

pytestmark = pytest.mark.django_db
WELL_KNOWN = "/.well-known/security.txt"


def robots(client: Client) -> RobotFileParser:
    answer = client.get("/robots.txt")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    parser = RobotFileParser()
    parser.parse(answer.content.decode().splitlines())
    return parser


def links() -> list[str]:
    reader = make_subscriber()
    return [
        f"/follow/{purpose}/{tokens.make(purpose, reader.pk, reader.secret)}/"
        for purpose in (Purpose.CONFIRM, Purpose.MANAGE, Purpose.LEAVE)
    ]


def test_programs_may_read_all_that_is_public(client: Client) -> None:
    founding_case()
    found = robots(client)
    assert [each for each in all_addresses() if not found.can_fetch("Any", f"{SITE}{each}")] == []
    assert found.site_maps() == [f"{SITE}/sitemap.xml"]


def test_they_leave_alone_what_staff_and_mailed_links_open(client: Client) -> None:
    found = robots(client)
    for address in ("/admin/", "/admin/login/", *links()):
        assert not found.can_fetch("Any", f"{SITE}{address}"), address


def test_and_so_in_every_language(client: Client) -> None:
    found = robots(client)
    for address in links():
        assert not found.can_fetch("Any", f"{SITE}{address}")
        assert not found.can_fetch("Any", f"{SITE}/ar{address}")
        assert not found.can_fetch("Any", f"{SITE}/es{address}")
    assert found.can_fetch("Any", f"{SITE}/ar/pledges/")


def test_without_a_contact_there_is_no_file(client: Client, settings: LazySettings) -> None:
    settings.TRACKER_SECURITY_CONTACT = ""
    assert client.get(WELL_KNOWN).status_code == 404


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 1, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_the_contact_with_an_end_that_is_renewed_each_day(
    client: Client, settings: LazySettings, now: datetime
) -> None:
    settings.TRACKER_SECURITY_CONTACT = "mailto:security@example.org"
    with time_machine.travel(now, tick=False):
        answer = client.get(WELL_KNOWN)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields == {
        "Contact": "mailto:security@example.org",
        "Expires": "2026-08-28T00:00:00Z",
        "Canonical": f"{SITE}{WELL_KNOWN}",
    }
    # RFC 9116, 2.5.5: in the future, and less than a year away.
    left = datetime.fromisoformat(fields["Expires"]) - now
    assert timedelta(days=30) < left < timedelta(days=365)

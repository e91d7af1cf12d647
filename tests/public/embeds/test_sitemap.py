"""The sitemap: every public page once, with the instant of its last public event, in files of a size."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Pledge
from tests.public.conftest import make_many
from tests.public.embeds.reading import MAP, SITE, xml
from tests.support import founding
from tests.support.founding import EXTENDED_AT, LAPSE, MARCH, founding_case
from tests.support.records import make_draft, make_pledge, make_reviewer, make_user
from tracker.public.embeds import sitemap
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db


def files(client: Client) -> list[str]:
    answer = client.get("/sitemap.xml")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    root = xml(answer.content)
    assert root.tag == f"{MAP}sitemapindex"
    return [str(each.text).removeprefix(SITE) for each in root.iter(f"{MAP}loc")]


def entries(client: Client, address: str) -> dict[str, str | None]:
    """Return path and lastmod of each entry of one file."""
    root = xml(client.get(address).content)
    assert root.tag == f"{MAP}urlset"
    found = [(str(each.findtext(f"{MAP}loc")), each.findtext(f"{MAP}lastmod")) for each in root]
    assert all(address.startswith(SITE) for address, _ in found)
    assert len(dict(found)) == len(found)
    return {address.removeprefix(SITE): changed for address, changed in found}


def everything(client: Client) -> dict[str, str | None]:
    return {path: changed for file in files(client) for path, changed in entries(client, file).items()}


def test_every_public_page_is_in_it_and_can_be_read(client: Client) -> None:
    case = founding_case()
    found = everything(client)
    for subject in (case.report, case.trials, case.case, case.presidency, case.commission):
        assert found[subject.get_absolute_url()] == MARCH.isoformat()
    assert {path: status for path in found if (status := client.get(path).status_code) != 200} == {}
    assert {"/", "/pledges/", "/overdue/", "/about/"} <= found.keys()


def test_the_last_public_event_says_when(client: Client) -> None:
    case = founding_case()
    sweep(now=LAPSE)
    assert everything(client)[case.report.get_absolute_url()] == LAPSE.isoformat()
    founding.extend(case)
    record.assign(
        pledge=case.report, assignee=make_user(), actor=make_user(), now=EXTENDED_AT + timedelta(days=9)
    )
    found = everything(client)
    for subject in (case.report, case.case, case.commission):
        assert found[subject.get_absolute_url()] == EXTENDED_AT.isoformat()
    assert found[case.trials.get_absolute_url()] == MARCH.isoformat()


def test_what_is_not_public_is_not_in_it_and_dates_nothing(client: Client) -> None:
    case = founding_case()
    before = everything(client)
    make_draft(now=LAPSE, case=case.case, bodies=[case.commission])
    make_draft()
    off = make_pledge(case=case.case, bodies=[case.presidency])
    record.unpublish(pledge=off, reason="A relative asked.", actor=make_reviewer(), now=LAPSE)
    assert everything(client) == before


def test_before_the_first_pledge_only_the_pages_are_there(client: Client) -> None:
    assert files(client) == ["/sitemap-pages-1.xml"]
    assert client.get("/sitemap-pledges-1.xml").status_code == 404


def test_many_rows_are_split_and_none_is_lost(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    many = make_many(7)
    whole = everything(client)
    monkeypatch.setattr(sitemap, "PER_FILE", 3)
    parts = [name for name in files(client) if "pledges" in name]
    assert parts == [f"/sitemap-pledges-{number}.xml" for number in (1, 2, 3)]
    assert [len(entries(client, part)) for part in parts] == [3, 3, 1]
    assert everything(client) == whole
    assert {pledge.get_absolute_url() for pledge in many} <= whole.keys()


@pytest.mark.parametrize(
    "name",
    [
        "pledges-0",
        "pledges-2",
        "pages-2",
        "pages-0",
        "drafts-1",
        "pledges",
        "pledges-50001",
        f"pledges-{'9' * 40}",
    ],
)
def test_a_file_that_is_not_there_is_not_found(client: Client, name: str) -> None:
    founding_case()
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_more_rows_ask_no_more(client: Client) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = ["/sitemap.xml", *(f"/sitemap-{name}-1.xml" for name in sitemap.SECTIONS)]
    make_many(2)
    few = [asked(address) for address in addresses]
    make_many(12)
    assert [asked(address) for address in addresses] == few
    assert max(few) <= 3


def test_control_a_row_that_is_asked_alone_is_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asking(pledge: Pledge) -> str:
        return f"/{pledge.events.count()}/{pledge.pk}/"

    replacement: Callable[[Pledge], str] = asking
    monkeypatch.setattr(Pledge, "get_absolute_url", replacement)
    make_many(5)
    with CaptureQueriesContext(connection) as captured:
        client.get("/sitemap-pledges-1.xml")
    assert len(captured) > 3

"""oEmbed: an address of ours in, the frame of its card out; whatever else is refused in words."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from pledges import record
from pledges.models import Body, Case, Pledge
from tests.public.embeds.reading import SITE, Read, oembed, page
from tests.support.founding import LAPSE, founding_case
from tests.support.records import make_draft, make_pledge, make_reviewer

pytestmark = pytest.mark.django_db


def url(subject: Pledge | Case | Body) -> str:
    return f"{SITE}{subject.get_absolute_url()}"


def test_the_page_of_a_pledge_gives_the_frame_of_its_card(client: Client) -> None:
    report = founding_case().report
    found = oembed(client, url(report), {"format": "json"})
    html = str(found.pop("html"))
    assert found == {
        "version": "1.0",
        "type": "rich",
        "title": str(report),
        "provider_name": "Pledge tracker",
        "provider_url": f"{SITE}/",
        "cache_age": 3600,
        "width": 560,
        "height": 480,
    }
    [frame] = Read(html).all("iframe")
    assert frame["src"] == f"{url(report)}card/"
    assert frame["title"] == str(report)
    assert (frame["width"], frame["height"]) == ("560", "480")
    assert frame["referrerpolicy"] == "no-referrer"
    assert client.get(str(frame["src"]).removeprefix(SITE)).status_code == 200


def test_a_case_and_a_body_have_one_too(client: Client) -> None:
    case = founding_case()
    for subject in (case.case, case.commission):
        found = oembed(client, url(subject))
        assert f'src="{url(subject)}card/"' in found["html"]
        assert found["title"] == str(subject)


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ({}, (560, 480)),
        ({"maxwidth": "320"}, (320, 480)),
        ({"maxheight": "200"}, (560, 200)),
        ({"maxwidth": "1", "maxheight": "1"}, (1, 1)),
        ({"maxwidth": "560", "maxheight": "480"}, (560, 480)),
        ({"maxwidth": "99999", "maxheight": "99999"}, (560, 480)),
    ],
)
def test_it_is_never_larger_than_there_is_room(
    client: Client, asked: dict[str, str], size: tuple[int, int]
) -> None:
    found = oembed(client, url(founding_case().report), asked)
    assert (found["width"], found["height"]) == size
    assert f'width="{size[0]}" height="{size[1]}"' in found["html"]


@pytest.mark.parametrize("name", ["maxwidth", "maxheight"])
@pytest.mark.parametrize("value", ["0", "-1", "wide", "1.5", "100000", "٣٢٠", "1e3", " 5"])
def test_a_size_that_is_none_is_named(client: Client, name: str, value: str) -> None:
    answer = oembed(client, url(founding_case().report), {name: value}, status=400)
    assert answer == {"error": f"{name} is not a whole number of pixels from 1 to 99999."}


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "pledges",
        "/pledges/SY-2025-0001/",
        "ftp://127.0.0.1:8000/",
        "javascript:alert(1)",
        "http://[x",
        "http:///x",
    ],
)
def test_what_is_no_address_is_said(client: Client, bad: str) -> None:
    error = oembed(client, bad, status=400)["error"]
    assert ("missing" if not bad else "not a whole web address") in error


def test_no_address_at_all_is_said_with_how_to_mend_it(client: Client) -> None:
    answer = client.get("/oembed")
    assert answer.status_code == 400
    assert "?url=" in answer.json()["error"]


@pytest.mark.parametrize(
    "host", ["http://elsewhere.example", "http://127.0.0.1:9000", "http://x@127.0.0.1:8000"]
)
def test_an_address_of_another_site_is_not_ours(client: Client, host: str) -> None:
    report = founding_case().report
    error = oembed(client, f"{host}{report.get_absolute_url()}", status=404)["error"]
    assert error == f"url is not an address of this site, {SITE}."


def test_the_host_that_was_asked_is_ours_too_and_its_letters_may_be_large(client: Client) -> None:
    report = founding_case().report
    for address in (
        f"http://testserver{report.get_absolute_url()}",
        f"https://TestServer{report.get_absolute_url()}",
    ):
        assert f'src="{url(report)}card/"' in oembed(client, address)["html"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/pledges/",
        "/overdue/",
        "/pledges/SY-2025-9999/",
        "/cases/none/",
        "/bodies/none/",
        "/admin/",
        "/no-such",
        "",
    ],
)
def test_a_page_without_a_card_has_none(client: Client, path: str) -> None:
    assert "public pledge, case or body" in oembed(client, f"{SITE}{path}", status=404)["error"]


def test_what_is_not_public_is_not_found_and_not_told_from_what_never_was(client: Client) -> None:
    draft, off = make_draft(), make_pledge()
    record.unpublish(pledge=off, reason="A relative asked.", actor=make_reviewer(), now=LAPSE)
    hidden = (draft, draft.case, draft.bodies.get(), off, off.case, off.bodies.get())
    answers = {str(oembed(client, url(subject), status=404)) for subject in hidden}
    assert answers == {str(oembed(client, f"{SITE}/pledges/SY-2025-9999/", status=404))}


@pytest.mark.parametrize("form", ["xml", "JSON", "html"])
def test_another_format_is_not_there(client: Client, form: str) -> None:
    answer = oembed(client, url(founding_case().report), {"format": form}, status=501)
    assert answer == {"error": "Only format=json is answered."}


def test_what_stands_behind_the_path_does_not_matter(client: Client) -> None:
    report = founding_case().report
    found = oembed(client, f"{url(report)}?words=x#event-2")
    assert found == oembed(client, url(report))
    assert oembed(client, url(report).replace("-", "%2D")) == found


def test_a_title_can_not_break_out_of_the_frame(client: Client) -> None:
    pledge = make_pledge(title='"><script>alert(1)</script>')
    read = Read(oembed(client, url(pledge))["html"])
    assert [tag for tag, _ in read.tags] == ["iframe"]
    assert read.tags[0][1]["title"] == str(pledge)


def test_pages_name_it_to_programs(client: Client) -> None:
    case = founding_case()
    for subject in (case.report, case.case, case.commission):
        read = page(client, subject.get_absolute_url())
        [link] = read.all("link", type="application/json+oembed")
        parts = urlsplit(str(link["href"]))
        assert f"{parts.scheme}://{parts.netloc}" == SITE
        assert parse_qs(parts.query) == {"url": [url(subject)], "format": ["json"]}
        assert client.get(f"{parts.path}?{parts.query}").json()["title"] == str(subject)


def test_the_card_is_in_the_language_of_the_page(client: Client) -> None:
    report = founding_case().report
    for asked, prefix in (("", ""), ("/en", ""), ("/ar", "/ar"), ("/fr", "/fr")):
        found = oembed(client, f"{SITE}{asked}/pledges/{report.reference}/")
        assert f'src="{SITE}{prefix}/pledges/{report.reference}/card/"' in found["html"]
    oembed(client, f"{SITE}/tlh/pledges/{report.reference}/", status=404)

"""The card: words, standing and instant in one small page, that alone may stand in a frame."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from pledges import record
from tests.health.support import all_beat
from tests.public.addresses import all_addresses, card_addresses
from tests.public.embeds.reading import SITE, page
from tests.support import founding
from tests.support.founding import ARABIC, LAPSE, PRESENTED_AT, TRANSLATION, founding_case
from tests.support.records import make_draft, make_pledge, make_reviewer
from tracker.public.embeds.views import CARD_POLICY
from tracker.public.middleware import PUBLIC_POLICY

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_the_card_of_a_pledge_says_words_standing_date_and_instant(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    with time_machine.travel(PRESENTED_AT, tick=False):
        html = text(client, f"{case.report.get_absolute_url()}card/")
    said = (ARABIC, TRANSLATION, "Presidency of Syria, decision no. 3", "National commission", "12 days late")
    for words in (*said, "Overdue: no evidence of delivery is on record", "No evidence yet"):
        assert words in html, words
    assert 'due <time datetime="2025-07-10">10 July 2025</time>' in html
    assert "Moved once, +93 days; 12 days late against the last date, 105 against the first." in html
    assert 'lang="ar" dir="rtl"' in html
    assert "22 July 2025, 18:00 UTC</time></bdi>." in html


def test_words_that_were_reported_are_no_quotation(client: Client) -> None:
    html = text(client, f"{founding_case().trials.get_absolute_url()}card/")
    assert "As reported, not word for word" in html
    assert 'class="quote"' in html


def test_a_long_quote_is_cut_with_a_sign(client: Client) -> None:
    pledge = make_pledge(quote="word " * 400)
    html = text(client, f"{pledge.get_absolute_url()}card/")
    assert "word…" in html
    assert html.count("word ") < 60


def test_the_cards_of_a_case_and_a_body_count(client: Client) -> None:
    case = founding_case()
    make_draft(case=case.case, bodies=[case.commission])
    with time_machine.travel(LAPSE + timedelta(days=50), tick=False):
        of_case = text(client, f"{case.case.get_absolute_url()}card/")
        of_body = text(client, f"{case.commission.get_absolute_url()}card/")
    assert "1 of 2 overdue" in of_case
    assert '<span class="mark mark-overdue">1 Overdue</span>' in of_case
    assert '<span class="mark mark-no_date">1 No due date</span>' in of_case
    assert "1 of 1 overdue" in of_body


def test_every_link_leaves_the_frame_and_names_our_site(client: Client) -> None:
    case = founding_case()
    for subject in (case.report, case.trials, case.case, case.presidency):
        links = page(client, f"{subject.get_absolute_url()}card/").all("a")
        assert {link["href"] for link in links} == {f"{SITE}{subject.get_absolute_url()}"}
        assert {(link["target"], link["rel"]) for link in links} == {("_blank", "noopener")}


def test_there_is_nothing_to_press_and_search_engines_leave_it_out(client: Client) -> None:
    founding_case()
    for address in card_addresses():
        read = page(client, address)
        assert not [tag for tag, _ in read.tags if tag in ("form", "button", "input", "script", "iframe")]
        assert read.all("meta", name="robots", content="noindex"), address


def test_a_card_alone_may_stand_in_a_frame(client: Client) -> None:
    founding_case()
    framed = card_addresses()
    assert len(framed) == 5
    for address in all_addresses():
        answer = client.get(address)
        may = "frame-ancestors *" in answer["Content-Security-Policy"]
        assert may == ("X-Frame-Options" not in answer) == (address in framed), address
    assert PUBLIC_POLICY.partition("frame-ancestors")[0] == CARD_POLICY.partition("frame-ancestors")[0]


def test_what_is_not_public_says_so_in_its_frame_and_no_more(client: Client) -> None:
    draft = make_draft(title="zzmarker", quote="zzmarker")
    off = make_pledge(title="zzmarker", quote="zzmarker")
    record.unpublish(pledge=off, reason="zzmarker", actor=make_reviewer(), now=LAPSE)
    subjects = (draft, draft.case, draft.bodies.get(), off, off.case)
    answers = [client.get(f"{subject.get_absolute_url()}card/") for subject in subjects]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 410, 404]
    assert {answer["Content-Security-Policy"] for answer in answers} == {CARD_POLICY}
    assert len({answer.content for answer in answers}) == 1
    assert "not public, or no longer" in answers[0].content.decode()
    assert b"zzmarker" not in answers[0].content


def test_it_says_when_its_figures_may_be_stale(client: Client) -> None:
    report = founding_case().report
    address = f"{report.get_absolute_url()}card/"
    with time_machine.travel(PRESENTED_AT, tick=False):
        assert "may be stale" in text(client, address)
        all_beat(PRESENTED_AT)
        assert "may be stale" not in text(client, address)


def test_other_sites_may_load_and_keep_it_for_a_few_minutes(client: Client) -> None:
    report = founding_case().report
    for form in ("badge.svg", "card/"):
        answer = client.get(f"{report.get_absolute_url()}{form}")
        assert answer["Cache-Control"] == "public, max-age=150"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.post(f"{report.get_absolute_url()}card/").status_code == 405

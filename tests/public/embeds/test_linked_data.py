"""The pages in the words of schema.org: what the record says and no more, and no way out of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.public.data.files import FILES
from tests.public.embeds.reading import SITE, linked, page
from tests.support import founding
from tests.support.founding import ARABIC, LAPSE, LAST_INSTANT, TRANSLATION, founding_case
from tests.support.records import make_body, make_draft, make_pledge, make_source, make_user

pytestmark = pytest.mark.django_db


def test_words_that_were_said_are_a_quotation_with_its_source(client: Client) -> None:
    case = founding_case()
    found = linked(client, case.report.get_absolute_url())
    address = f"{SITE}{case.report.get_absolute_url()}"
    bodies, whole = found.pop("about"), found.pop("isPartOf")
    assert found == {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "@id": address,
        "url": address,
        "identifier": case.report.reference,
        "name": "Hand in the commission's report",
        "text": ARABIC,
        "inLanguage": "ar",
        "spokenByCharacter": "Presidency of Syria, decision no. 3",
        "creditText": "Presidency of Syria, decision no. 3",
        "dateCreated": "2025-03-09",
        "temporalCoverage": "2025-03-09/2025-04-08",
        "datePublished": "2025-03-09T12:00:00+00:00",
        "workTranslation": {"@type": "CreativeWork", "text": TRANSLATION, "inLanguage": "en"},
        "citation": {
            "@type": "CreativeWork",
            "name": "نص القرار رقم ٣",
            "archivedAt": "https://archive.example/decree-3",
            "url": "https://gazette.example/decree-3",
            "publisher": {"@type": "Organization", "name": "Official Gazette"},
            "datePublished": "2025-03-09",
            "inLanguage": "ar",
        },
    }
    assert {body["name"] for body in bodies} == {"National commission", "Presidency of Syria"}
    assert (whole["@type"], whole["name"]) == ("CollectionPage", "Violence on the coast")


def test_what_was_reported_is_nobodys_quotation(client: Client) -> None:
    found = linked(client, founding_case().trials.get_absolute_url())
    assert found["@type"] == "CreativeWork"
    assert found["abstract"] == "Whoever took part will be held to account."
    assert found["dateCreated"] == "2025-03"
    assert not {"text", "spokenByCharacter", "temporalCoverage"} & found.keys()


def test_nobody_is_named_where_the_source_names_nobody(client: Client) -> None:
    source = make_source(actor=make_user(), publisher="", title="A film")
    pledge = make_pledge(speaker="", quote_language="und", source=source)
    found = linked(client, pledge.get_absolute_url())
    assert not {"spokenByCharacter", "creditText", "inLanguage", "workTranslation"} & found.keys()
    assert found["citation"] == {
        "@type": "CreativeWork",
        "name": "A film",
        "url": source.url,
        "inLanguage": "en",
    }


def test_the_date_in_force_counts(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    assert linked(client, case.report.get_absolute_url())["temporalCoverage"] == "2025-03-09/2025-07-10"


def test_nothing_in_it_changes_with_the_clock(client: Client) -> None:
    case = founding_case()
    for subject in (case.report, case.case, case.commission):
        told = []
        for now in (LAST_INSTANT, LAPSE, LAPSE + timedelta(days=365)):
            with time_machine.travel(now, tick=False):
                told.append(linked(client, subject.get_absolute_url()))
        assert told[0] == told[1] == told[2]


def test_a_body_is_an_organisation(client: Client) -> None:
    case = founding_case()
    found = linked(client, case.commission.get_absolute_url())
    address = f"{SITE}{case.commission.get_absolute_url()}"
    assert found == {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "@id": address,
        "name": "National commission",
        "description": "Seven members.",
        "mainEntityOfPage": address,
        "areaServed": {"@type": "Country", "identifier": "SY"},
    }


def test_what_may_be_of_no_government_is_not_called_so(client: Client) -> None:
    actor = make_user()
    pledge = make_pledge(actor=actor, bodies=[make_body(actor=actor, kind="other")])
    assert linked(client, pledge.bodies.get().get_absolute_url())["@type"] == "Organization"


def test_a_case_is_a_collection(client: Client) -> None:
    found = linked(client, founding_case().case.get_absolute_url())
    assert found["@type"] == "CollectionPage"
    assert found["description"] == "What happened on the coast from 6 March 2025."
    assert found["contentLocation"] == {"@type": "Country", "identifier": "SY"}


def test_the_start_page_names_the_site_and_its_record(client: Client) -> None:
    site, record = linked(client, "/")["@graph"]
    assert site == {"@type": "WebSite", "@id": f"{SITE}/", "url": f"{SITE}/", "name": "Pledge tracker"}
    assert (record["@type"], record["url"]) == ("Dataset", f"{SITE}/pledges/")
    # Search engines want 50 letters at least.
    assert len(record["description"]) >= 50


@pytest.mark.parametrize("language", ["", "/ar"])
def test_the_record_is_described_with_its_terms_and_its_files(client: Client, language: str) -> None:
    founding_case()
    _site, record = linked(client, f"{language}/")["@graph"]
    assert linked(client, f"{language}/data/") == {"@context": "https://schema.org", **record}
    assert record["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert record["creator"] == {
        "@type": "Organization",
        "name": "Pledge tracker",
        "url": f"{SITE}{language}/",
    }
    files = {each["contentUrl"].removeprefix(SITE): each["encodingFormat"] for each in record["distribution"]}
    assert set(files) == {f"{language}{address}" for address in FILES if not address.endswith(".json")}
    for address, kind in files.items():
        assert client.head(address)["Content-Type"].partition(";")[0] == kind
    assert {each["@type"] for each in record["distribution"]} == {"DataDownload"}


@pytest.mark.parametrize(
    "words",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        '&lt;/script&gt; & "quoted" \\ back',
        "line\u2028and\u2029paragraph",
        "]]> \x7f عربي",
    ],
)
def test_no_words_get_out_of_the_block(client: Client, words: str) -> None:
    actor = make_user()
    source = make_source(actor=actor, title=words)
    pledge = make_pledge(actor=actor, title=words, quote=words, speaker=words, source=source)
    html = client.get(pledge.get_absolute_url()).content.decode()
    block = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(block)
    found: dict[str, Any] = linked(client, pledge.get_absolute_url())
    assert (found["name"], found["text"], found["citation"]["name"]) == (words, words, words)


def test_drafts_are_in_none_of_it(client: Client) -> None:
    case = founding_case()
    draft = make_draft(case=case.case, bodies=[case.commission], title="zzmarker", follows=case.report)
    for subject in (case.report, case.case, case.commission):
        assert "zzmarker" not in str(linked(client, subject.get_absolute_url()))
    assert not page(client, draft.get_absolute_url(), status=404).data

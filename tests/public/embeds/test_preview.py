"""What messengers read in the head of a page: nothing that the clock changes, and where the picture is."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.public.embeds.reading import SITE, page
from tests.support.founding import LAPSE, LAST_INSTANT, founding_case
from tests.support.records import make_pledge, make_user
from tracker.public.embeds.preview import LOCALES

pytestmark = pytest.mark.django_db


def told(client: Client, address: str) -> dict[str, str]:
    read = page(client, address)
    tags = [*read.all("meta")]
    names = [(each.get("property") or each.get("name"), each.get("content") or "") for each in tags]
    found = {name: content for name, content in names if name and name.startswith(("og:", "twitter:"))}
    assert len(found) == sum(bool(name) and str(name).startswith(("og:", "twitter:")) for name, _ in names)
    return found


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
def test_every_subject_and_the_start_page_name_their_picture(client: Client, language: str) -> None:
    case = founding_case()
    prefix = "" if language == "en" else f"/{language}"
    for subject in (case.report, case.case, case.presidency, None):
        path = f"{prefix}{subject.get_absolute_url() if subject else '/'}"
        found = told(client, path)
        assert found["og:url"] == f"{SITE}{path}"
        assert found["og:image"] == f"{SITE}{path}share.png"
        assert client.get(f"{path}share.png").status_code == 200
        assert found["og:locale"] == LOCALES[language]
        assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
        assert found["twitter:card"] == "summary_large_image"
        assert found["og:type"] == ("article" if subject else "website")
        assert all(found.values()), path


def test_they_are_the_words_of_the_page(client: Client) -> None:
    case = founding_case()
    found = told(client, case.report.get_absolute_url())
    assert found["og:title"] == case.report.label_here
    assert found["og:description"].startswith("“ستسلّم اللجنة تقريرها")
    assert told(client, case.case.get_absolute_url())["og:title"] == case.case.title


def test_reported_words_are_called_so_and_long_ones_shortened(client: Client) -> None:
    pledge = make_pledge(actor=make_user(), quote="They will report. " * 60, quote_form="reported")
    found = told(client, pledge.get_absolute_url())["og:description"]
    assert found.startswith("As reported, not word for word: They will report.")
    assert found.endswith("…")
    assert len(found) < 400


def test_none_of_it_changes_with_the_clock(client: Client) -> None:
    """A messenger keeps it for long, and must not call late what was delivered since."""
    case = founding_case()
    for path in ("/", case.report.get_absolute_url(), case.case.get_absolute_url()):
        with time_machine.travel(LAST_INSTANT, tick=False):
            before, words = told(client, path), client.get(path).content
        with time_machine.travel(LAPSE + timedelta(days=40), tick=False):
            after, later = told(client, path), client.get(path).content
        assert before == after
        # The control: the page itself does change.
        assert words != later


def test_pages_of_nobody_in_particular_have_none(client: Client) -> None:
    founding_case()
    for path in ("/pledges/", "/about/", "/follow/"):
        assert told(client, path) == {}

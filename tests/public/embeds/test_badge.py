"""The badge: what it says at which instant; it is well-formed whatever the record holds; its words fit."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Case, Pledge
from tests.public.embeds.reading import SVG, xml
from tests.public.test_design import contrast
from tests.support import founding, records
from tests.support.founding import LAPSE, LAST_INSTANT, PRESENTED_AT, founding_case
from tests.support.records import make_body, make_case, make_draft, make_pledge, make_reviewer, make_user
from tracker.public.embeds.badge import CALM, FILLS, INK, draw, room_for

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
HOSTILE = (
    "</title></svg><script>alert(1)</script>",
    "\"'&<>]]><!--&amp;<![CDATA[",
    "\x0b\x1b control \x7f",
    "\u202eevil \u2067mixed عربي",
    "W" * 190,
)


def texts(client: Client, subject: Pledge | Case | Body) -> list[str]:
    """Return the words of a badge in the order in which they stand, from left to right, without isolates."""
    answer = client.get(f"{subject.get_absolute_url()}badge.svg")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    rows = [(int(each.get("x", "")), each.text or "") for each in xml(answer.content).iter(f"{SVG}text")]
    return [text.strip("\u2068\u2069") for _, text in sorted(rows)]


def title(client: Client, subject: Pledge | Case | Body) -> str:
    found = xml(client.get(f"{subject.get_absolute_url()}badge.svg").content).findtext(f"{SVG}title")
    assert found
    return found


def in_zone(zone: str, latest: date) -> Pledge:
    actor = make_user()
    return make_pledge(actor=actor, latest=latest, bodies=[make_body(actor=actor, time_zone=zone)])


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (LAST_INSTANT - timedelta(days=30), "Not due yet · 30 days left"),
        (LAST_INSTANT - timedelta(days=1), "Due soon · 1 day left"),
        (LAST_INSTANT, "Due soon · due today"),
        (LAPSE, "Overdue · 1 day late"),
        (LAPSE + TICK, "Overdue · 1 day late"),
        (LAPSE + timedelta(days=30) - TICK, "Overdue · 30 days late"),
        (LAPSE + timedelta(days=30), "Long overdue · 31 days late"),
    ],
)
def test_it_says_what_the_clock_says(client: Client, now: datetime, words: str) -> None:
    report = founding_case().report
    with time_machine.travel(now, tick=False):
        assert texts(client, report) == [report.reference, words]


@pytest.mark.parametrize(
    ("zone", "lapse"),
    [
        ("Pacific/Kiritimati", datetime(2025, 5, 4, 10, tzinfo=UTC)),
        ("America/Lima", datetime(2025, 5, 5, 5, tzinfo=UTC)),
    ],
)
def test_a_day_ends_where_the_body_is(client: Client, zone: str, lapse: datetime) -> None:
    pledge = in_zone(zone, date(2025, 5, 4))
    with time_machine.travel(lapse - TICK, tick=False):
        assert texts(client, pledge)[1] == "Due soon · due today"
    with time_machine.travel(lapse, tick=False):
        assert texts(client, pledge)[1] == "Overdue · 1 day late"


def test_a_moved_date_and_a_late_delivery_are_told_against_the_date_in_force(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    with time_machine.travel(PRESENTED_AT, tick=False):
        assert texts(client, case.report)[1] == "Overdue · 12 days late"
    founding.present(case)
    with time_machine.travel(PRESENTED_AT + timedelta(days=300), tick=False):
        assert texts(client, case.report)[1] == "Met late · 12 days late"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("in_progress", "Overdue · 1 day late · In progress"),
        ("partly_fulfilled", "Overdue · 1 day late · Partly fulfilled"),
        ("refused", "Refused"),
    ],
)
def test_what_the_evidence_says_stands_beside_it(client: Client, status: str, words: str) -> None:
    report = founding_case().report
    records.judge(
        pledge=report,
        actor=make_reviewer(),
        now=LAPSE,
        status=status,
        effective_on=date(2025, 4, 8),
        reason="It was said in public.",
        sources=[report.source],
    )
    with time_machine.travel(LAPSE, tick=False):
        assert texts(client, report)[1] == words


def test_without_a_date_nothing_is_counted(client: Client) -> None:
    assert texts(client, founding_case().trials)[1] == "No due date"


def test_a_case_and_a_body_count_what_is_published_and_judge_nothing(client: Client) -> None:
    case = founding_case()
    make_draft(case=case.case, bodies=[case.presidency])
    with time_machine.travel(LAST_INSTANT, tick=False):
        assert texts(client, case.case) == ["Violence on the coast", "0 of 2 overdue"]
    with time_machine.travel(LAPSE + timedelta(days=100), tick=False):
        assert texts(client, case.case) == ["Violence on the coast", "1 of 2 overdue"]
        assert texts(client, case.presidency) == ["Presidency of Syria", "1 of 2 overdue"]
        assert texts(client, case.commission) == ["National commission", "1 of 1 overdue"]


def test_its_title_says_all_of_it_with_the_instant(client: Client) -> None:
    report = founding_case().report
    with time_machine.travel(LAPSE, tick=False):
        said = title(client, report)
    assert said == f"{report}: Overdue · 1 day late. As of 8 April 2025, 21:00 UTC"


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_the_record_holds_it_is_well_formed_and_runs_nothing(client: Client, name: str) -> None:
    author = make_user()
    case = make_case(actor=author, title=name, slug="hostile")
    pledge = make_pledge(actor=author, case=case, title=name, bodies=[make_body(actor=author, name=name)])
    for subject in (case, pledge, pledge.bodies.get()):
        drawing = xml(client.get(f"{subject.get_absolute_url()}badge.svg").content)
        assert {each.tag.removeprefix(SVG) for each in drawing.iter()} == {
            "svg",
            "title",
            "g",
            "rect",
            "text",
        }
        assert drawing.get("role") == "img"
        assert int(drawing.get("width", "0")) < 800


def test_a_right_to_left_language_reads_it_from_the_right(client: Client) -> None:
    case = founding_case()
    with translation.override("ar"), time_machine.travel(LAPSE, tick=False):
        words, name = texts(client, case.report)
        drawing = xml(client.get(f"{case.report.get_absolute_url()}badge.svg").content)
    assert name == case.report.reference
    assert words.startswith("متأخر")
    assert (drawing.get("lang"), drawing.get("direction")) == ("ar", "rtl")


def test_words_stand_out_from_every_ground() -> None:
    for fill in (INK, CALM, *FILLS.values()):
        assert contrast("#ffffff", fill) >= 4.5


def test_the_parts_fill_the_picture_and_a_long_name_is_cut_but_not_in_the_title() -> None:
    drawn = draw("long " * 40, "Overdue", title="long " * 40, timeliness=Timeliness.OVERDUE)
    name, words = drawn.parts
    assert "…" in name.text
    assert (name.start, words.start, drawn.width) == (0, name.width, name.width + words.width)
    assert drawn.title == "long " * 40


def test_marks_that_take_no_room_get_none() -> None:
    assert room_for("a\u0301\u2068\u2069") == room_for("a")
    assert room_for("報告") > room_for("ab") > room_for("il")


def test_what_is_not_public_has_none(client: Client) -> None:
    draft = make_draft()
    for subject in (draft, draft.case, draft.bodies.get()):
        assert client.get(f"{subject.get_absolute_url()}badge.svg").status_code == 404
    assert client.get("/pledges/nonsense/badge.svg").status_code == 404
    assert client.post(f"{draft.get_absolute_url()}badge.svg").status_code == 405

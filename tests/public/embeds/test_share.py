"""The share picture: what it says in which language, that it can be read, and what it costs to ask for it."""

import struct
import zlib
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from pledges import record
from pledges.models import Body, Case, Pledge
from tests.public.embeds.reading import SVG, xml
from tests.public.test_design import contrast
from tests.support import founding
from tests.support.founding import LAPSE, LAST_INSTANT, PRESENTED_AT, founding_case
from tests.support.records import make_case, make_draft, make_pledge, make_reviewer, make_user
from tracker.public.embeds import picture, share
from tracker.public.embeds.badge import CALM, FILLS
from tracker.public.embeds.lettering import Hand, can_write, is_right_to_left
from tracker.public.embeds.sheet import HEIGHT, INK, MARGIN, PAPER, SOFT, WIDTH, Sheet
from tracker.public.embeds.subjects import published
from tracker.public.embeds.words import count_words
from tracker.public.moment import Moment
from tracker.public.tally import Total

pytestmark = pytest.mark.django_db
ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")
MOST_BYTES = 120_000
LONG = "The ministry will publish the full report of its inquiry and name those responsible. " * 20


def drawing(subject: Pledge | Case | Body | None = None) -> ET.Element:
    """Return the picture before it is drawn, in the active language and at the instant that is set."""
    if subject is None:
        return xml(picture.svg(share.of_site(Moment.read())).encode())
    key = subject.reference if isinstance(subject, Pledge) else subject.slug
    found = published(str(subject._meta.model_name), key)
    assert found
    return xml(picture.svg(share.of_subject(found, Moment.read())).encode())


def lines(subject: Pledge | Case | Body | None = None) -> list[str]:
    return [(each.text or "").translate(ISOLATES) for each in drawing(subject).iter(f"{SVG}text")]


def of_text(text: str) -> bytes:
    """Return the pixels, row by row as PNG packs them, of a picture with this text alone."""
    sheet = Sheet(site="", kind="", words=text, state="", fill=CALM, as_of="")
    return pixels(picture.png(picture.svg(sheet)))


def pixels(png: bytes) -> bytes:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            found += png[at + 8 : at + 8 + length]
        at += length + 12
    return zlib.decompress(found)


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_it_is_a_picture_of_the_size_that_messengers_show(client: Client) -> None:
    case = founding_case()
    for page in ("/", *(each.get_absolute_url() for each in (case.report, case.case, case.commission))):
        for language in ("", "/ar", "/fr", "/es"):
            answer = client.get(f"{language}{page}share.png")
            assert (answer.status_code, answer["Content-Type"]) == (200, "image/png"), page
            assert size(answer.content) == (1200, 630), page
            assert len(answer.content) < MOST_BYTES, page
            assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("language", "state", "due", "as_of"),
    [
        ("en", "Overdue · 1 day late", "Due: 8 April 2025.", "As of 8 April 2025, 21:00 UTC."),
        ("fr", "En retard", "8 avril 2025", "8 avril 2025, 21:00 UTC"),
        ("es", "Vencido", "8 de abril de 2025", "8 de abril de 2025, 21:00 UTC"),
        ("ar", "متأخر", "8 نيسان/أبريل 2025", "21:00 UTC"),
    ],
)
def test_it_says_the_words_who_and_how_it_stands(language: str, state: str, due: str, as_of: str) -> None:
    report = founding_case().report
    with translation.override(language), time_machine.travel(LAPSE, tick=False):
        said = lines(report)
    assert said[:2] == ["Pledge tracker", report.reference]
    assert founding.ARABIC in " ".join(said)
    assert any(line.startswith(state) for line in said)
    assert any(due in line for line in said)
    assert any(as_of in line for line in said)


def test_the_words_come_first_and_the_title_helps_readers_of_another_language() -> None:
    report = founding_case().report
    with translation.override("en"):
        said = lines(report)
    assert report.title in said
    with translation.override("ar"):
        assert report.title not in lines(report)
    assert said.index(report.title) > next(n for n, line in enumerate(said) if "ستسلّم" in line)


def test_a_moved_date_and_late_delivery_are_said() -> None:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    with time_machine.travel(PRESENTED_AT, tick=False):
        said = lines(case.report)
    assert "Met late · 12 days late" in said
    assert "Moved once, +93 days; 12 days late against the last date, 105 against the first." in said


def test_the_state_has_its_colour_and_is_read_on_it() -> None:
    report = founding_case().report
    for now, fill in ((LAST_INSTANT - timedelta(days=30), CALM), (LAPSE, "#97190f")):
        with time_machine.travel(now, tick=False):
            _paper, band = drawing(report).iter(f"{SVG}rect")
        assert band.get("fill") == fill
    assert all(contrast("#ffffff", each) >= 4.5 for each in (CALM, *FILLS.values()))
    assert all(contrast(each, PAPER) >= 4.5 for each in (INK, SOFT))


def test_only_exact_words_stand_in_quotation_marks() -> None:
    author = make_user()
    exact = make_pledge(actor=author, quote="We will publish it.")
    reported = make_pledge(actor=author, quote="They will publish it.", quote_form="reported")
    assert "“We will publish it.”" in lines(exact)
    said = lines(reported)
    assert "They will publish it." in said
    assert any("not word for word" in line for line in said)
    assert not any("not word for word" in line for line in lines(exact))


def test_a_long_quote_is_shortened_at_a_word_and_stays_a_quotation() -> None:
    said = lines(make_pledge(quote=LONG))
    quote = said[2 : said.index(next(line for line in said if "Government of Syria" in line))]
    assert len(quote) > 3
    text = " ".join(quote)
    assert text.startswith("“The ministry will")
    assert text.endswith("…”")
    last_word = text.removesuffix("…”").split()[-1]
    assert last_word in LONG.replace(".", "").split()


def test_a_quote_with_a_word_that_is_too_long_has_one_mark_at_its_end() -> None:
    said = " ".join(lines(make_pledge(quote=f"See https://www.example.org/{'a' * 80} for it.")))
    assert said.count("“") == said.count("”") == 1
    assert "for it.”" in said


def test_what_we_have_no_letters_for_is_left_out_and_the_title_speaks() -> None:
    author = make_user()
    pledge = make_pledge(actor=author, quote="Мы опубликуем доклад", quote_language="ru", speaker="Министр")
    said = lines(pledge)
    assert pledge.title in said
    assert "“" not in "".join(said)
    assert can_write("".join(said))
    assert not any("Министр" in line for line in said)
    nameless = make_pledge(actor=author, title="報告", quote="報告", quote_language="und")
    assert nameless.reference in lines(nameless)[2:]


@pytest.mark.parametrize(
    "text",
    [
        "</text></svg><script>x</script>",
        "\"'&<>]]>&amp;<image href='file:///etc/passwd'/>",
        "\x0b\x1b a",
        "\u202eevil",
    ],
)
def test_whatever_the_record_holds_it_is_text(client: Client, text: str) -> None:
    author = make_user()
    pledge = make_pledge(actor=author, title=text, quote=text, case=make_case(actor=author, title=text))
    for subject in (pledge, pledge.case):
        tags = {each.tag.removeprefix(SVG) for each in drawing(subject).iter()}
        assert tags == {"svg", "rect", "g", "text"}
        assert "\u202e" not in "".join(lines(subject))
        assert client.get(f"{subject.get_absolute_url()}share.png").status_code == 200


def test_a_case_a_body_and_the_site_count_and_judge_nothing() -> None:
    case = founding_case()
    make_draft(case=case.case, bodies=[case.presidency])
    with time_machine.travel(LAPSE, tick=False):
        said = lines(case.case)
        assert {"Violence on the coast", "Case", "1 of 2 overdue", "1 Overdue · 1 No due date"} <= set(said)
        assert "1 of 2 overdue" in lines(case.presidency)
        assert "1 of 2 overdue" in lines()
    with time_machine.travel(LAST_INSTANT, tick=False):
        assert "0 of 2 overdue" in lines()


def test_every_line_stands_within_the_picture() -> None:
    author = make_user()
    unbroken = make_pledge(actor=author, title="W" * 190, quote="W" * 400, speaker="M" * 150)
    for subject in (unbroken, make_pledge(actor=author, quote=LONG, title=LONG[:190])):
        for language in ("en", "ar"):
            with translation.override(language):
                found = list(drawing(subject).iter(f"{SVG}text"))
            for each in found:
                hand = Hand(int(each.get("font-size", "")), each.get("font-weight") == "700")
                # The mark that closes a shortened quotation hangs in the margin.
                assert hand.width(each.text or "") <= WIDTH - 2 * MARGIN + hand.size, each.text
                assert each.get("x") == str(MARGIN if each.get("text-anchor") == "start" else WIDTH - MARGIN)
                assert int(each.get("y", "")) < HEIGHT - 15


def test_an_arabic_line_begins_at_the_right() -> None:
    report = founding_case().report
    with translation.override("en"):
        first, *_ = (each for each in drawing(report).iter(f"{SVG}text") if "ستسلّم" in (each.text or ""))
    assert (first.get("x"), first.get("text-anchor")) == (str(WIDTH - MARGIN), "end")
    assert (first.text or "")[0] == "\u2067"
    assert is_right_to_left("«(2025) وعد»")
    assert not is_right_to_left("(2025) promise وعد")


def test_arabic_letters_are_joined_and_run_to_the_left() -> None:
    """A sign that keeps letters apart changes the picture; without shaping it could not."""
    joined, apart = "سنحاسب", "\u200c".join("سنحاسب")
    assert of_text(joined) != of_text(apart)
    assert Hand(40).width(joined) < Hand(40).width(apart)
    # Latin letters do not join: the same sign changes nothing there.
    assert of_text("justice") == of_text("\u200c".join("justice"))
    # Given in the order in which they are read, two words stand the other way round.
    assert of_text("وعد عدل") != of_text("عدل وعد")


def test_every_language_of_the_site_can_be_written(settings: LazySettings) -> None:
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            assert can_write(name), code
            assert can_write("".join(lines())), code
    assert not can_write("Ж")
    assert can_write("\u2067ء…é\u2069")


def test_what_is_not_public_has_none(client: Client) -> None:
    draft = make_draft()
    for subject in (draft, draft.case, draft.bodies.get()):
        assert client.get(f"{subject.get_absolute_url()}share.png").status_code == 404
    assert client.get("/pledges/nonsense/share.png").status_code == 404
    assert client.post("/share.png").status_code == 405


def test_what_was_taken_off_has_none_any_more(client: Client) -> None:
    pledge = make_pledge()
    address = f"{pledge.get_absolute_url()}share.png"
    assert client.get(address).status_code == 200
    record.unpublish(pledge=pledge, reason="A relative asked.", actor=make_reviewer(), now=LAPSE)
    assert client.get(address).status_code == 410


def test_head_is_answered_without_the_picture(client: Client) -> None:
    answer = client.head("/share.png")
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", b"")


def test_what_is_added_to_an_address_draws_nothing(client: Client) -> None:
    for added in ("utm_source=x", "&", "&&"):
        answer = client.get(f"/ar/share.png?{added}")
        assert (answer.status_code, answer["Location"]) == (302, "/ar/share.png")


def test_a_network_has_no_more_of_them_than_the_api_answers(client: Client, settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.TRACKER_API_HOURLY = 2
    cache.clear()  # What one test leaves another would find.
    with time_machine.travel(LAPSE, tick=False):
        answers = [client.get(f"{each}/share.png") for each in ("", "/ar", "/fr")]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert (answers[-1]["Retry-After"], answers[-1].content) == ("3600", b"")
        # What one network is refused, no proxy may refuse others.
        assert answers[-1]["Cache-Control"] == "no-store"
        assert "public" in answers[0]["Cache-Control"]
        # A page is none of them, and another network is counted alone.
        assert client.get("/").status_code == 200
        assert client.get("/es/share.png", headers={"x-forwarded-for": "198.51.100.7"}).status_code == 200
    cache.clear()


SHORTENINGS = [
    # In a room of 150: the text, the number of lines, what stands in the last, and whether it is all there.
    ("one two three", 1, "one two three", True),
    ("one two three four five six", 1, "one two three…", False),
    ("one two three four five six", 2, "four five six", True),
    ("one, two, three, four, five", 1, "one, two…", False),
    ("one two. three four five six", 1, "one two…", False),
    ("unbreakable" * 9, 1, "unbreakable…", False),
    ("", 2, "", True),
    ("  one \n two  ", 1, "one two", True),
    ("وعد وعد وعد وعد وعد وعد وعد", 1, "وعد وعد وعد وعد…", False),
]


@pytest.mark.parametrize(("text", "most", "last", "is_whole"), SHORTENINGS)
def test_a_text_is_shortened_at_a_word(text: str, most: int, last: str, is_whole: bool) -> None:
    block = Hand(20).block(text, room=150, most=most)
    assert (block.lines[-1] if block.lines else "", block.is_whole) == (last, is_whole)
    assert all(Hand(20).width(line) <= 150 for line in block.lines)


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("en", ("4,321", "10,000")),
        ("ar", ("4\u00a0321", "10\u00a0000")),
        ("fr", ("4\u00a0321", "10\u00a0000")),
    ],
)
@pytest.mark.parametrize("room", [120, 1100])
def test_no_line_breaks_within_a_number(language: str, numbers: tuple[str, str], room: int) -> None:
    with translation.override(language):
        text = count_words(Total(4321), Total(10_000, is_capped=True))
    block = Hand(24).block(text, room=room, most=9)
    assert block.is_whole
    assert (len(block.lines) > 1) == (room < 1100)
    for number in numbers:
        assert any(number in line for line in block.lines)


def test_control_pictures_of_the_same_text_are_the_same() -> None:
    assert of_text("one") != of_text("two")
    assert of_text("one") == of_text("one")

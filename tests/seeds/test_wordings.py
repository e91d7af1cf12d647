"""Seeds bring translations: once, before publication, and never of words that the record does not have."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import LazySettings, settings

from pledges import record
from pledges.ledger.verifying import verify
from pledges.models import Body, Case, Event, Pledge, Update, Wording
from pledges.seeding import SeedsError, load_seeds
from pledges.seeding.reading import read_seeds
from pledges.seeding.shapes import (
    AssessmentRow,
    BodyRow,
    CaseRow,
    DeadlineRow,
    PledgeRow,
    SeedFile,
    UpdateRow,
)
from pledges.wordings import in_language
from tests.support.records import make_user

from .test_content import NOW
from .writing import SMALL, UPDATE, swap, write

pytestmark = pytest.mark.django_db
BODY = "    time_zone: Asia/Damascus\n"
CASE = "    country: SY\n    sources: [decree]\n"
PLEDGE = "    title: Hand in the report\n"


def words(language: str, **texts: str) -> str:
    lines = "".join(f"        {name}: {text}\n" for name, text in texts.items())
    return f"      - language: {language}\n{lines}"


def translated(arabic: str = "تسليم التقرير") -> str:
    text = swap(SMALL, BODY, BODY + "    translations:\n" + words("ar", name="اللجنة"))
    case = "    summary: What happened.\n    translations:\n" + words(
        "fr", title="Côte", summary="Les faits."
    )
    text = swap(text, CASE, CASE + case)
    pledge = "    translations:\n" + words("ar", title=arabic) + words("es", title="Entregar el informe")
    return swap(text, PLEDGE, PLEDGE + pledge)


def shown() -> list[str]:
    body, case, pledge = Body.objects.get(), Case.objects.get(), Pledge.objects.get(reference="SY-2025-0001")
    found = []
    for subject, language in ((body, "ar"), (case, "fr"), (pledge, "ar"), (pledge, "es")):
        in_language([subject], language)
        found.append(subject.name_here)
    return found


def test_they_are_recorded_once(tmp_path: Path) -> None:
    loaded = load_seeds([write(tmp_path, translated())], now=NOW)
    assert loaded.added["translation"] == 5
    assert shown() == ["اللجنة", "Côte", "تسليم التقرير", "Entregar el informe"]
    before = Event.objects.count()
    again = load_seeds([write(tmp_path, translated())], now=NOW)
    assert (again.added["translation"], again.differences, Event.objects.count()) == (0, [], before)
    assert verify().faults == []


def test_the_event_that_publishes_states_them(tmp_path: Path) -> None:
    load_seeds([write(tmp_path, translated())], now=NOW)
    event = Event.objects.get(kind="published")
    assert event.payload["wordings"] == {"title": {"ar": "تسليم التقرير", "es": "Entregar el informe"}}


def test_a_file_grows_by_them(tmp_path: Path) -> None:
    load_seeds([write(tmp_path)], now=NOW)
    loaded = load_seeds([write(tmp_path, translated())], now=NOW)
    # The summary that they translate is not in the record: that is told, and nothing is recorded for it.
    assert loaded.added["translation"] == 4
    assert [each.field for each in loaded.differences] == ["summary"]
    assert shown()[2] == "تسليم التقرير"


def test_one_that_is_recorded_otherwise_is_left_alone_and_told(tmp_path: Path) -> None:
    load_seeds([write(tmp_path, translated())], now=NOW)
    loaded = load_seeds([write(tmp_path, translated("تسليم"))], now=NOW)
    [difference] = loaded.differences
    assert "The file says “تسليم”, the record “تسليم التقرير”" in str(difference)
    assert shown()[2] == "تسليم التقرير"


def test_words_corrected_in_the_record_are_not_translated_from_the_file(tmp_path: Path) -> None:
    load_seeds([write(tmp_path, translated())], now=NOW)
    record.amend_pledge(
        pledge=Pledge.objects.get(reference="SY-2025-0001"),
        changes={"title": "Report"},
        reason="Shorter.",
        actor=make_user(),
        now=NOW,
    )
    loaded = load_seeds([write(tmp_path, translated())], now=NOW)
    assert loaded.added["translation"] == 0
    assert shown()[2] == "Report"


def test_seeds_are_in_english_whatever_the_site_speaks(tmp_path: Path, settings: LazySettings) -> None:
    settings.LANGUAGE_CODE = "ar"
    load_seeds([write(tmp_path, translated())], now=NOW)
    assert {each.original_language for each in Pledge.objects.all()} == {"en"}


TEXT = "        text: The findings are presented.\n"
REASON = "        reason: It is at work.\n"
LATEST = "      latest: 2025-04-08\n"


def with_entries(presented: str = "عُرضت النتائج.") -> str:
    told = f"        translations:\n          - language: ar\n            text: {presented}\n"
    why = "        translations:\n          - language: ar\n            reason: إنها تعمل.\n"
    date = (
        "      reason: So says the gazette.\n      translations:\n"
        "        - {language: fr, reason: Selon le journal officiel.}\n"
    )
    text = swap(SMALL, TEXT, TEXT + told)
    return swap(swap(text, REASON, REASON + why), LATEST, LATEST + date)


def entries() -> dict[str, str]:
    return {row.text: row.original for row in Wording.objects.of_entries()}


def test_what_happened_is_translated_with_its_date_and_its_reason(tmp_path: Path) -> None:
    file = write(tmp_path, with_entries())
    assert load_seeds([file], now=NOW).added["translation"] == 3
    expected = {
        "عُرضت النتائج.": "The findings are presented.",
        "إنها تعمل.": "It is at work.",
        "Selon le journal officiel.": "So says the gazette.",
    }
    assert entries() == expected
    assert len(Event.objects.get(kind="published").payload["wordings"]) == 3
    again = load_seeds([file], now=NOW)
    assert (again.added["translation"], again.differences) == (0, [])
    assert verify().faults == []


def test_an_entry_that_is_translated_otherwise_is_left_alone_and_told(tmp_path: Path) -> None:
    load_seeds([write(tmp_path, with_entries())], now=NOW)
    [difference] = load_seeds([write(tmp_path, with_entries("قُدّمت."))], now=NOW).differences
    assert "The file says “قُدّمت.”, the record “عُرضت النتائج.”" in str(difference)
    assert "عُرضت النتائج." in entries()


def test_what_staff_took_back_is_not_put_back_from_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, with_entries())
    load_seeds([file], now=NOW)
    pledge = Pledge.objects.get(reference="SY-2025-0001")
    row = Wording.objects.of(pledge).get(text="عُرضت النتائج.")
    actor = make_user()
    record.translate(
        subject=pledge, field=row.field, language="ar", text="", reason="Wrong.", actor=actor, now=NOW
    )
    loaded = load_seeds([file], now=NOW)
    assert loaded.added["translation"] == 0
    assert len(loaded.differences) == 1
    assert "عُرضت النتائج." not in entries()


def test_entries_with_the_same_words_have_each_their_own(tmp_path: Path) -> None:
    again = UPDATE.replace("First press conference.", "The findings are presented.")
    told = "        translations:\n          - {language: ar, text: عُرضت.}\n"
    text = swap(with_entries(), "    assessments:\n", again + told + "    assessments:\n")
    loaded = load_seeds([write(tmp_path, text)], now=NOW)
    assert (loaded.added["translation"], len(entries())) == (4, 4)


def test_an_entry_corrected_in_the_record_is_not_translated_from_the_file(tmp_path: Path) -> None:
    load_seeds([write(tmp_path)], now=NOW)
    record.amend_update(
        update=Update.objects.get(),
        changes={"text": "A summary of the findings is presented."},
        reason="Not all of them.",
        actor=make_user(),
        now=NOW,
    )
    load_seeds([write(tmp_path, with_entries())], now=NOW)
    assert "The findings are presented." not in entries().values()


def test_a_wrong_language_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SeedsError) as refused:
        load_seeds([write(tmp_path, swap(translated(), "language: es", "language: de"))], now=NOW)
    assert "does not speak this language. Write one of: en, ar, fr, es" in str(refused.value)
    assert not Wording.objects.exists()


SHIPPED = read_seeds([Path(settings.BASE_DIR) / "seeds"])
Translated = BodyRow | CaseRow | PledgeRow | UpdateRow | DeadlineRow | AssessmentRow
OTHERS = {code for code, _name in settings.LANGUAGES} - {"en"}


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.place.file.stem)
def test_what_the_shipped_seeds_are_called_is_said_in_every_language(file: SeedFile) -> None:
    told: tuple[tuple[Sequence[Translated], tuple[str, ...]], ...] = (
        (file.bodies, ("name", "description")),
        (file.cases, ("title", "summary")),
        (file.pledges, ("title", "note", "speaker")),
        (happened(file), ("text",)),
        (reasoned(file), ("reason",)),
    )
    for rows, fields in told:
        for row in rows:
            for field in fields:
                said = {each.language for each in row.translations if getattr(each, field)}
                assert said == (OTHERS if getattr(row, field) else set()), (row.place.about, field)


def happened(file: SeedFile) -> list[UpdateRow]:
    return [row for pledge in file.pledges for row in pledge.updates]


def reasoned(file: SeedFile) -> list[DeadlineRow | AssessmentRow]:
    found: list[DeadlineRow | AssessmentRow] = []
    for pledge in file.pledges:
        found += [pledge.deadline, *pledge.moves, *pledge.assessments]
    return found


DIGITS = re.compile(r"\d+")


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.place.file.stem)
def test_a_translation_has_the_numbers_of_the_original_and_no_others(file: SeedFile) -> None:
    """Months are words in some languages; days, years, counts and references are digits in all of them."""
    subjects: list[Translated] = [*file.bodies, *file.cases, *file.pledges]
    for row in [*subjects, *happened(file), *reasoned(file)]:
        for each in row.translations:
            for field in ("name", "description", "title", "summary", "note", "speaker", "text", "reason"):
                text = getattr(each, field, "")
                if text:
                    own = re.sub(r"(?<=\d),(?=\d)", "", getattr(row, field))
                    theirs = re.sub(r"(?<=\d)[ \u00a0](?=\d{3})", "", text)
                    assert set(DIGITS.findall(theirs)) == set(DIGITS.findall(own)), (row.place.about, text)

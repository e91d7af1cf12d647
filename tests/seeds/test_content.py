"""The shipped seeds: every date counted again by hand, every standing as a reader must find it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import TestCase

from pledges import record
from pledges.deadlines.calendars import country_calendar
from pledges.deadlines.resolving import resolve
from pledges.deadlines.timeliness import Timeliness
from pledges.deadlines.windows import Window
from pledges.models import Assessment, Deadline, Event, Pledge, Source, Update
from pledges.readings import counted_until, lateness
from pledges.seeding import Loaded, load_seeds

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SEEDS = Path(settings.BASE_DIR) / "seeds"

# reference, delivery, timeliness at NOW, due date, days late against the last date, the first
STANDINGS = [
    ("GB-2024-0001", "fulfilled", Timeliness.MET_LATE, date(2025, 4, 15), 154, 154),
    ("KE-2025-0001", "withdrawn", Timeliness.CLOSED, date(2026, 7, 4), None, None),
    ("KE-2026-0001", "partly_fulfilled", Timeliness.LONG_OVERDUE, date(2026, 5, 5), 202, 202),
    ("LB-2020-0001", "fulfilled", Timeliness.MET_ON_TIME, date(2020, 8, 10), 0, 0),
    ("LB-2020-0003", "no_evidence", Timeliness.NO_DATE, None, None, None),
    ("LB-2020-0004", "in_progress", Timeliness.NO_DATE, None, None, None),
    ("LK-2025-0002", "in_progress", Timeliness.LONG_OVERDUE, date(2025, 9, 30), 419, 419),
    ("NG-2021-0001", "fulfilled", Timeliness.MET_LATE, date(2021, 11, 29), 1, 1),
    ("NP-2025-0001", "fulfilled", Timeliness.MET_ON_TIME, date(2026, 3, 8), 0, 74),
    ("NP-2026-0001", "no_evidence", Timeliness.NO_DATE, None, None, None),
    ("SN-2024-0001", "fulfilled", Timeliness.MET_LATE, date(2025, 4, 30), 169, 169),
    ("SY-2025-0001", "fulfilled", Timeliness.MET_LATE, date(2025, 7, 10), 12, 105),
    ("SY-2025-0002", "in_progress", Timeliness.NO_DATE, None, None, None),
    ("SY-2025-0003", "no_evidence", Timeliness.NO_DATE, None, None, None),
    ("SY-2025-0004", "partly_fulfilled", Timeliness.NO_DATE, None, None, None),
    ("SY-2025-0005", "partly_fulfilled", Timeliness.LONG_OVERDUE, date(2025, 5, 4), 568, 568),
    ("SY-2025-0006", "fulfilled", Timeliness.CLOSED, None, None, None),
    ("SY-2025-0007", "in_progress", Timeliness.NO_DATE, None, None, None),
    ("SY-2025-0008", "in_progress", Timeliness.LONG_OVERDUE, date(2026, 1, 16), 311, 388),
    ("SY-2025-0009", "no_evidence", Timeliness.NO_DATE, None, None, None),
    ("TZ-2025-0001", "in_progress", Timeliness.LONG_OVERDUE, date(2026, 4, 3), 234, 276),
]
OVERDUE = {row[0] for row in STANDINGS if row[2] == Timeliness.LONG_OVERDUE}
DRAFTS = {"LB-2020-0002", "LK-2025-0001"}

# Every due date of every ledger. Where words and a day give it by counting, it is counted here.
COUNTED = {
    ("KE-2025-0001", 2): date(2026, 1, 5) + timedelta(days=180),
    ("KE-2026-0001", 1): date(2026, 3, 6) + timedelta(days=60),
    ("LB-2020-0001", 1): date(2020, 8, 5) + timedelta(days=5),
    ("LB-2020-0002", 1): date(2020, 8, 6) + timedelta(days=4),
    ("LK-2025-0002", 1): date(2025, 10, 1) - timedelta(days=1),  # the end of the September to come
    ("NG-2021-0001", 1): date(2021, 11, 15) + timedelta(weeks=2),
    ("NP-2025-0001", 2): date(2025 + 1, 12 + 1 - 12, 24),
    ("NP-2025-0001", 4): date(2026, 2, 11) + timedelta(days=25),
    ("SY-2025-0001", 1): date(2025, 3, 9) + timedelta(days=30),
    ("SY-2025-0001", 2): date(2025, 4 + 3, 10),
    ("SY-2025-0005", 1): date(2025, 4 + 1, 4),
    ("SY-2025-0008", 1): date(2025, 7 + 3, 31),
    ("SY-2025-0008", 2): date(2025 + 1, 11 + 2 - 12, 16),
    ("TZ-2025-0001", 1): date(2025 + 1, 11 + 3 - 12, 20),
    ("TZ-2025-0001", 2): date(2026, 2, 20) + timedelta(days=42),
}
# "From its formation": the rules wait for an event, which had happened on the day of the promise.
FROM_AN_EVENT = {("SY-2025-0008", 1)}
# Where the sources give the date itself, and no day is known from which counting would give it.
STATED = {
    ("GB-2024-0001", 1): date(2025, 4, 15),
    ("KE-2025-0001", 1): date(2025, 12, 24),
    ("NP-2025-0001", 1): date(2025, 12, 24),
    ("NP-2025-0001", 3): date(2026, 2, 11),
    ("SN-2024-0001", 1): date(2025, 5, 1) - timedelta(days=1),  # "in April 2025 at the latest"
}
ZONES = {
    "GB": "Europe/London",
    "KE": "Africa/Nairobi",
    "LB": "Asia/Beirut",
    "LK": "Asia/Colombo",
    "NG": "Africa/Lagos",
    "NP": "Asia/Kathmandu",
    "SN": "Africa/Dakar",
    "SY": "Asia/Damascus",
    "TZ": "Africa/Dar_es_Salaam",
}
# What a fair reader must be told, by pledge: contradictions, weak or silent sources.
TOLD = {
    "GB-2024-0001": ("not in the sources", "14 April"),
    "KE-2025-0001": ("24 December", "6 December"),
    "KE-2026-0001": ("one weak source",),
    "LB-2020-0001": ("9 August", "10 August"),
    "NP-2025-0001": ("24 December", "23 December"),
    "SN-2024-0001": ("not shown",),
    "SY-2025-0001": ("9 April", "9 July"),
    "SY-2025-0002": ("do not show the day",),
    "SY-2025-0005": ("appear to have meant", "8 April", "Saturday"),
    "SY-2025-0008": ("one of the two sources",),
    "TZ-2025-0001": ("18 February 2026", "20 February"),
}


def dated_rows() -> list[Deadline]:
    return list(Deadline.objects.filter(latest__isnull=False).select_related("pledge"))


def standing(reference: str) -> tuple[str, str, Timeliness, date | None, int | None, int | None]:
    pledge = Pledge.objects.select_related("current_deadline").get(reference=reference)
    assert pledge.current_deadline is not None
    late = lateness(pledge.deadlines.order_by("position"), until=counted_until(pledge, now=NOW))
    return (
        reference,
        pledge.status,
        pledge.timeliness(now=NOW, due_soon=timedelta(days=14), long_overdue=timedelta(days=30)),
        pledge.current_deadline.latest,
        late.against_current,
        late.against_first,
    )


class ShippedSeeds(TestCase):
    loaded: Loaded

    @classmethod
    def setUpTestData(cls) -> None:
        cls.loaded = load_seeds([SEEDS], now=NOW)

    def test_the_tables_cover_every_seed(self) -> None:
        published = Pledge.objects.published().order_by("reference").values_list("reference", flat=True)
        assert list(published) == [row[0] for row in STANDINGS]
        drafts = Pledge.objects.filter(publication="draft").values_list("reference", flat=True)
        assert set(drafts) == DRAFTS

    def test_a_seed_stands_as_a_reader_must_find_it(self) -> None:
        assert [standing(reference) for reference, *_ in STANDINGS] == STANDINGS

    def test_every_due_date_is_the_one_counted_here(self) -> None:
        found = {(row.pledge.reference, row.position): row.latest for row in dated_rows()}
        assert found == COUNTED | STATED

    def test_the_rules_read_the_words_as_we_counted_them(self) -> None:
        read = {}
        for row in dated_rows():
            key = (row.pledge.reference, row.position)
            if key in COUNTED and key not in FROM_AN_EVENT:
                assert row.anchor_on is not None
                calendar = country_calendar(row.pledge.reference[:2])
                read[key] = resolve(
                    row.phrase, language=row.phrase_language, anchor=row.anchor_on, calendar=calendar
                )
        latest = {key: window.latest for key, window in read.items() if isinstance(window, Window)}
        assert latest == {key: day for key, day in COUNTED.items() if key not in FROM_AN_EVENT}

    def test_a_date_names_the_day_it_is_counted_from_if_it_is_counted(self) -> None:
        """Readers are shown "words, counted from day = date": that must be true arithmetic."""
        for row in dated_rows():
            is_counted = (row.pledge.reference, row.position) in COUNTED
            assert (row.anchor_on is not None) == is_counted, row
            assert bool(row.anchor_label) == is_counted, row
            assert row.phrase, row

    def test_a_day_ends_by_the_clocks_of_its_country(self) -> None:
        tick = timedelta(microseconds=1)
        for row in dated_rows():
            zone = ZONES[row.pledge.reference[:2]]
            assert row.time_zone == row.pledge.time_zone == zone
            assert row.lapses_at is not None
            assert row.latest is not None
            assert (row.lapses_at - tick).astimezone(ZoneInfo(zone)).date() == row.latest
            assert row.lapses_at.astimezone(ZoneInfo(zone)).date() == row.latest + timedelta(days=1)

    def test_damascus_kathmandu_and_london_each_end_their_day_at_their_own_instant(self) -> None:
        instants = {
            ("SY-2025-0001", 2): "2025-07-10T21:00:00+00:00",
            ("NP-2025-0001", 4): "2026-03-08T18:15:00+00:00",
            ("GB-2024-0001", 1): "2025-04-15T23:00:00+00:00",
            ("SN-2024-0001", 1): "2025-05-01T00:00:00+00:00",
        }
        found = {(row.pledge.reference, row.position): row.lapses_at for row in dated_rows()}
        for key, instant in instants.items():
            assert found[key].isoformat() == instant  # type: ignore[union-attr]  # dated rows lapse

    def test_every_fact_and_every_judgement_has_a_source_that_can_be_opened(self) -> None:
        assert Update.objects.filter(sources__isnull=True).count() == 0
        for assessment in Assessment.objects.all():
            assert assessment.updates.exists() or assessment.sources.exists(), assessment
        assert not Source.objects.exclude(url__regex=r"^https?://[^/ ]+/").exists()

    def test_every_source_is_used(self) -> None:
        used = set(Pledge.objects.values_list("source", flat=True))
        used |= set(Pledge.objects.values_list("other_sources", flat=True))
        used |= set(Update.objects.values_list("sources", flat=True))
        used |= set(Deadline.objects.values_list("source", flat=True))
        assert not Source.objects.exclude(pk__in=used - {None}).exists()

    def test_days_are_plausible(self) -> None:
        for pledge in Pledge.objects.all():
            assert date(2020, 1, 1) < pledge.made_on < NOW.date()
            for update in pledge.updates.all():
                # What a promise answers may be a few days older than the promise.
                assert pledge.made_on - timedelta(days=7) <= update.happened_on < NOW.date(), update
                if update.kind == "fulfilment":
                    assert update.happened_on >= pledge.made_on, update
            for row in pledge.deadlines.all():
                assert pledge.made_on <= row.announced_on < NOW.date(), row
                assert row.latest is None or row.latest > pledge.made_on, row
        for source in Source.objects.filter(published_on__isnull=False):
            assert date(2020, 1, 1) < source.published_on < NOW.date(), source  # type: ignore[operator]

    def test_nobody_is_said_to_have_checked_later_than_the_sources_reach(self) -> None:
        checked = dict(Pledge.objects.published().values_list("reference", "checked_on"))
        assert None not in checked.values()
        assert checked["SY-2025-0005"] == date(2025, 9, 23)
        assert checked["SY-2025-0008"] == date(2025, 11, 16)
        for pledge in Pledge.objects.published():
            days = [pledge.made_on]
            days += pledge.updates.values_list("happened_on", flat=True)
            days += pledge.deadlines.values_list("announced_on", flat=True)
            days += pledge.assessments.values_list("effective_on", flat=True)
            assert pledge.checked_on == max(days), pledge

    def test_readers_are_told_what_is_doubtful(self) -> None:
        for reference, expected in TOLD.items():
            note = Pledge.objects.get(reference=reference).note
            assert [words for words in expected if words not in note] == [], reference

    def test_the_commissions_report_says_from_which_day_it_is_counted_and_why(self) -> None:
        reason = Assessment.objects.get(pledge__reference="SY-2025-0001").reason
        assert "22 July 2025" in reason
        assert "13 July" in reason

    def test_only_words_that_the_sources_quote_are_called_verbatim(self) -> None:
        verbatim = Pledge.objects.filter(quote_form="verbatim").values_list("quote", flat=True)
        quoted = {"within the next two weeks", "in early September", "au plus tard en avril 2025"}
        assert set(verbatim) == quoted

    def test_a_published_pledge_never_points_at_a_draft(self) -> None:
        assert not Pledge.objects.published().filter(follows__reference__in=DRAFTS).exists()

    def test_recorded_now_and_not_in_the_past(self) -> None:
        assert set(Event.objects.values_list("recorded_at", flat=True)) == {NOW}
        assert set(Pledge.objects.published().values_list("published_at", flat=True)) == {NOW}
        assert Event.objects.get(stream="pledge:SY-2025-0001", kind="assessed").happened_on == date(
            2025, 7, 22
        )

    def test_loading_again_adds_nothing(self) -> None:
        assert self.loaded.added["pledge"] == len(STANDINGS) + len(DRAFTS)
        assert not self.loaded.differences
        before = Event.objects.count()
        again = load_seeds([SEEDS], now=NOW + timedelta(days=1))
        assert (not again.added, again.differences) == (True, [])
        assert Event.objects.count() == before

    def test_what_is_overdue_goes_into_the_backlog(self) -> None:
        assert set(Pledge.objects.published().overdue(now=NOW).values_list("reference", flat=True)) == OVERDUE
        batch = record.flag_overdue(now=NOW, limit=100)
        flagged = Event.objects.filter(pk__in=batch.backlog_event_ids)
        assert set(flagged.values_list("pledge__reference", flat=True)) == OVERDUE
        assert batch.event_ids == []
        assert record.flag_overdue(now=NOW, limit=100).count == 0

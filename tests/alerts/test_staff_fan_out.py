"""Who of the staff hears of a rung, of a moved deadline and of a reply: once each, at their hour."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from pledges import record
from pledges.models import Pledge
from tests.support.records import make_pledge, make_reviewer, make_source, make_user
from tests.support.smtp_sink import Sink
from tracker.alerts import deliver
from tracker.alerts.climbing import climb
from tracker.alerts.models import (
    Alert,
    AlertKind,
    AlertState,
    Cadence,
    FollowUp,
    Ladder,
    Rung,
    StaffReader,
    Team,
)
from tracker.alerts.telling import tell
from tracker.watch.sweep import sweep

from .conftest import DESK
from .events import LAPSED, NOW, extend

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
T_MINUS_3 = LAPSED - 3 * DAY


def drain(now: Any = NOW) -> dict[AlertState, int]:
    return dict(deliver.drain(now=now, clock=lambda: now))


@pytest.fixture
def lead() -> User:
    return make_user(email="lead@ngo.example")


@pytest.fixture
def director() -> User:
    return make_user(email="director@ngo.example")


@pytest.fixture
def rana(lead: User, director: User) -> User:
    """A researcher whose team has a lead and a director."""
    rana = make_user(email="rana@ngo.example")
    team = Team.objects.create(name="Syria", lead=lead, director=director)
    StaffReader.objects.create(user=rana, team=team)
    return rana


def prefer(user: User, cadence: Cadence = Cadence.AT_ONCE, **wishes: Any) -> None:
    StaffReader.objects.update_or_create(user=user, defaults={"cadence": cadence, **wishes})


def told(kind: AlertKind = AlertKind.FOLLOW_UP, **filters: Any) -> list[str]:
    alerts = Alert.objects.filter(kind=kind, **filters).exclude(state=AlertState.FOLDED)
    return sorted(alerts.values_list("recipient", flat=True))


class TestRungs:
    def test_before_the_date_the_assignee(self, rana: User) -> None:
        make_pledge(assignee=rana)
        climb(now=T_MINUS_3)
        assert told() == ["rana@ngo.example"]

    @pytest.mark.parametrize(
        ("days", "recipients"),
        [
            (7, ["lead@ngo.example", "rana@ngo.example"]),
            (30, ["director@ngo.example", "lead@ngo.example"]),
            (60, ["director@ngo.example", "lead@ngo.example"]),
        ],
    )
    def test_after_it_the_lead_then_the_director(self, rana: User, days: int, recipients: list[str]) -> None:
        make_pledge(assignee=rana)
        climb(now=LAPSED + days * DAY)
        assert told(follow_up__stale_since=None) == recipients

    def test_without_an_assignee_the_desk(self) -> None:
        make_pledge()
        climb(now=T_MINUS_3)
        assert told() == [DESK]

    @pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
    def test_an_assignee_who_cannot_be_written_to_is_replaced_by_the_desk(
        self, rana: User, change: dict[str, Any]
    ) -> None:
        make_pledge(assignee=rana)
        User.objects.filter(pk=rana.pk).update(**change)
        climb(now=T_MINUS_3)
        assert told() == [DESK]

    def test_when_nobody_wants_mail_the_desk_hears_of_it_all_the_same(self, rana: User) -> None:
        prefer(rana, Cadence.NONE)
        make_pledge(assignee=rana)
        climb(now=T_MINUS_3)
        assert told() == [DESK]

    def test_without_a_team_a_rung_for_the_lead_goes_to_the_desk(self) -> None:
        make_pledge(assignee=make_user(email="alone@ngo.example"))
        climb(now=LAPSED + 30 * DAY)
        assert told(follow_up__stale_since=None) == [DESK]

    def test_who_is_lead_and_assignee_hears_once(self, lead: User) -> None:
        StaffReader.objects.create(user=lead, team=Team.objects.create(name="x", lead=lead, director=lead))
        make_pledge(assignee=lead)
        climb(now=LAPSED + 30 * DAY)
        assert told(follow_up__stale_since=None) == ["lead@ngo.example"]

    def test_t0_tells_the_lead_where_its_rung_says_so(self, rana: User) -> None:
        Rung.objects.filter(days=0).update(to_lead=True)
        make_pledge(assignee=rana)
        sweep(now=NOW)
        assert told(AlertKind.OVERDUE) == [DESK, "lead@ngo.example", "rana@ngo.example"]
        sweep(now=NOW)
        assert Alert.objects.count() == 3

    def test_a_case_of_its_own_has_its_own_people(self, rana: User) -> None:
        pledge = make_pledge(assignee=rana)
        ladder = Ladder.objects.create(case=pledge.case)
        Rung.objects.create(ladder=ladder, days=-3, to_assignee=False, to_director=True)
        climb(now=T_MINUS_3)
        assert told() == ["director@ngo.example"]


class TestOutage:
    def test_each_hears_once_of_what_passed_meanwhile(self, rana: User, sink: Sink) -> None:
        """Nothing ran from T-4 until T+8: the flag and the rung come in the same minute."""
        make_pledge(assignee=rana)
        climb(now=LAPSED - 4 * DAY)
        drain(LAPSED - 4 * DAY)
        sink.accepted.clear()
        now = LAPSED + 8 * DAY
        sweep(now=now)
        drain(now)
        assert sink.recipients == [DESK, "lead@ngo.example", "rana@ngo.example"]
        hers = next(each for each in sink.accepted if each.recipients == ["rana@ngo.example"])
        assert str(hers.message["Subject"]).startswith("Still overdue: ")
        folded = Alert.objects.get(recipient="rana@ngo.example", kind=AlertKind.OVERDUE)
        assert folded.state == AlertState.FOLDED
        assert folded.digest is not None
        assert folded.digest.kind == AlertKind.FOLLOW_UP

    def test_what_was_tried_already_is_not_folded(self, rana: User, sink: Sink) -> None:
        make_pledge(assignee=rana)
        sweep(now=NOW)
        sink.on["RCPT"] = lambda _address: "450 later"
        drain(NOW)
        sink.on.clear()
        sweep(now=LAPSED + 7 * DAY)
        drain(LAPSED + 7 * DAY)
        subjects = [
            str(each.message["Subject"]).partition(":")[0]
            for each in sink.accepted
            if each.recipients == ["rana@ngo.example"]
        ]
        assert sorted(subjects) == ["Overdue", "Still overdue"]


class TestWishes:
    def test_a_daily_reader_gets_one_mail_at_the_hour(self, rana: User, sink: Sink) -> None:
        prefer(rana, Cadence.DAILY, hour=8, time_zone="Asia/Damascus")
        for _ in range(3):
            make_pledge(assignee=rana)
        climb(now=T_MINUS_3)  # midnight in Damascus
        morning = T_MINUS_3 + timedelta(hours=8)
        assert drain(morning - timedelta(microseconds=1)) == {}
        assert drain(morning) == {AlertState.SENT: 1}
        text = sink.accepted[0].part("plain")
        assert all(pledge.reference in text for pledge in Pledge.objects.all())
        assert "Due soon" in text
        assert "3 pieces of news" in str(sink.accepted[0].message["Subject"])

    def test_overdue_goes_into_the_daily_mail_too(self, rana: User, sink: Sink) -> None:
        prefer(rana, Cadence.DAILY, hour=8, time_zone="UTC")
        make_pledge(assignee=rana)
        sweep(now=NOW)
        drain(NOW)
        assert sink.recipients == [DESK]
        drain(NOW.replace(hour=8))
        assert sink.recipients == [DESK, "rana@ngo.example"]

    def test_who_wants_none_gets_none(self, rana: User) -> None:
        prefer(rana, Cadence.NONE)
        make_pledge(assignee=rana)
        sweep(now=NOW)
        assert told(AlertKind.OVERDUE) == [DESK]

    def test_an_address_of_the_desk_follows_the_wishes_of_its_owner(self, settings: Any, rana: User) -> None:
        settings.TRACKER_STAFF_ALERTS = [DESK, "Rana@NGO.example".replace("Rana", "rana")]
        prefer(rana, Cadence.NONE)
        make_pledge()
        sweep(now=NOW)
        assert told(AlertKind.OVERDUE) == [DESK]

    def test_on_the_weekend_of_the_country_it_waits(self, rana: User) -> None:
        prefer(rana, quiet_country="SY", hour=9, time_zone="Asia/Damascus")
        make_pledge(assignee=rana)
        climb(now=T_MINUS_3)  # the night to Friday, 2 May 2025
        alert = Alert.objects.get()
        # Sunday, 4 May, 9:00 in Damascus.
        assert alert.claimable_at == T_MINUS_3 + 2 * DAY + timedelta(hours=9)

    def test_weekly_collects_what_happened(self, rana: User, sink: Sink) -> None:
        prefer(rana, Cadence.WEEKLY, weekday=0, hour=8, time_zone="UTC")
        pledge = make_pledge(assignee=rana)
        climb(now=T_MINUS_3)
        extend(pledge, now=T_MINUS_3 + DAY)
        record.add_update(
            pledge=pledge,
            kind="reply",
            by_body=pledge.bodies.get(),
            happened_on=(T_MINUS_3 + DAY).date(),
            text="We are working on it.",
            sources=[make_source(actor=pledge.created_by)],
            actor=pledge.created_by,
            now=T_MINUS_3 + DAY,
        )
        tell(now=T_MINUS_3 + DAY)
        monday = NOW.replace(hour=8)
        drain(monday)
        [mail] = [each for each in sink.accepted if each.recipients == ["rana@ngo.example"]]
        text = mail.part("plain")
        assert "Deadline moved" in text
        assert "Answered by the body" in text
        assert "We are working on it." in text
        # The rung was one of the date that is in force no more.
        assert "Due soon" not in text
        left_out = Alert.objects.get(kind=AlertKind.FOLLOW_UP)
        assert left_out.cancel_reason == "The deadline was moved: it is 4 August 2025 now."

    def test_a_later_rung_in_the_same_mail_takes_the_place_of_the_earlier(
        self, rana: User, sink: Sink
    ) -> None:
        prefer(rana, Cadence.WEEKLY, weekday=6, hour=8, time_zone="UTC")
        make_pledge(assignee=rana)
        sweep(now=LAPSED)
        sweep(now=LAPSED + 7 * DAY)
        drain(LAPSED + 7 * DAY + timedelta(hours=11))
        [mail] = [each for each in sink.accepted if each.recipients == ["rana@ngo.example"]]
        assert mail.part("plain").count("SY-2025") == mail.part("plain").count("/pledges/SY-2025") * 2


class TestEvents:
    def test_the_assignee_hears_that_a_date_was_moved_unless_they_recorded_it(self, rana: User) -> None:
        theirs, own = make_pledge(assignee=rana), make_pledge(assignee=rana, actor=rana)
        extend(theirs)
        extend(own)
        tell(now=NOW)
        alert = Alert.objects.get(kind=AlertKind.MOVED)
        assert (alert.recipient, alert.event and alert.event.pledge) == ("rana@ngo.example", theirs)
        tell(now=NOW)
        assert Alert.objects.filter(kind=AlertKind.MOVED).count() == 1

    def test_nobody_hears_of_a_pledge_that_nobody_works_on(self) -> None:
        extend(make_pledge())
        tell(now=NOW)
        assert not Alert.objects.filter(kind=AlertKind.MOVED).exists()


class TestTheMail:
    def test_before_the_date_it_says_that_nothing_is_late(self, rana: User, sink: Sink) -> None:
        pledge = make_pledge(assignee=rana)
        climb(now=T_MINUS_3)
        drain(T_MINUS_3)
        [mail] = sink.accepted
        assert mail.message["Subject"] == f"Due on 4 May 2025: {pledge.reference} {pledge.title}"
        text = mail.part("plain")
        for words in (
            "It is due on 4 May 2025. Nothing is late yet.",
            pledge.quote,
            f"/admin/letters/letter/add/?pledge={pledge.pk}&follow_up={FollowUp.objects.get().pk}",
            "You get this mail because this pledge is assigned to you.",
            "/admin/alerts/staffreader/mine/",
        ):
            assert words in text, words
        assert "late ·" not in text
        assert "Told as well" not in text

    def test_after_it_it_says_who_else_hears(self, rana: User, sink: Sink) -> None:
        make_pledge(assignee=rana)
        climb(now=LAPSED + 7 * DAY)
        drain(LAPSED + 7 * DAY)
        by_reader = {each.recipients[0]: each.part("plain") for each in sink.accepted}
        assert "Told as well: lead@ngo.example" in by_reader["rana@ngo.example"]
        assert (
            "because the team “Syria”, which you answer for, works on this pledge"
            in by_reader["lead@ngo.example"]
        )
        assert "8 days late" in by_reader["rana@ngo.example"]

    def test_nobody_looked_for_long(self, rana: User, sink: Sink) -> None:
        make_pledge(assignee=rana, latest=None, phrase="soon")
        climb(now=LAPSED + 70 * DAY)
        drain(LAPSED + 70 * DAY)
        [mail] = sink.accepted
        assert str(mail.message["Subject"]).startswith("Not checked since 4 April 2025: ")
        assert "Nobody looked for evidence yet; it was published on 4 April 2025." in mail.part("plain")

    @pytest.mark.parametrize("language", ["ar", "fr", "es"])
    def test_it_is_in_the_language_of_its_reader(self, rana: User, sink: Sink, language: str) -> None:
        prefer(rana, language=language)
        make_pledge(assignee=rana)
        climb(now=T_MINUS_3)
        drain(T_MINUS_3)
        assert f'<html lang="{language}"' in sink.accepted[0].part("html")

    @pytest.mark.parametrize(
        ("undo", "reason"),
        [
            (extend, "The deadline was moved: it is 4 August 2025 now."),
            (
                lambda pledge: record.unpublish(
                    pledge=pledge, reason="x", actor=make_reviewer(), now=T_MINUS_3
                ),
                "The pledge is not public any more.",
            ),
        ],
    )
    def test_what_no_longer_holds_is_not_sent(self, rana: User, sink: Sink, undo: Any, reason: str) -> None:
        pledge = make_pledge(assignee=rana)
        climb(now=T_MINUS_3)
        undo(pledge)
        drain(NOW)
        assert Alert.objects.get(kind=AlertKind.FOLLOW_UP).cancel_reason == reason
        assert not [each for each in sink.accepted if "Due on" in str(each.message["Subject"])]

"""How staff are told, set in the admin: one's own page, teams and ladders."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.support.records import make_case, make_reviewer, make_user
from tracker.alerts.models import Ladder, Rung, StaffReader, Team

pytestmark = pytest.mark.django_db
MINE = "/admin/alerts/staffreader/mine/"
LADDERS = "/admin/alerts/ladder/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def wishes(**fields: Any) -> dict[str, Any]:
    return {
        "cadence": "daily",
        "hour": 7,
        "weekday": 0,
        "time_zone": "Asia/Damascus",
        "quiet_country": "sy",
        "language": "ar",
    } | fields


class TestOwnPage:
    def test_everybody_of_the_staff_sets_their_own(self) -> None:
        rana = make_user(email="rana@ngo.example")
        client = signed_in(rana)
        assert MINE in client.get("/admin/").content.decode()
        assert "rana@ngo.example" in client.get(MINE).content.decode()
        answer = client.post(MINE, wishes(), follow=True)
        assert "From the next mail on you are told so." in answer.content.decode()
        own = StaffReader.objects.get(user=rana)
        assert (own.cadence, own.hour, own.time_zone, own.quiet_country, own.language) == (
            "daily",
            7,
            "Asia/Damascus",
            "SY",
            "ar",
        )

    def test_nobody_elses_is_touched_and_the_team_stays(self) -> None:
        rana, other = make_user(), make_user()
        team = Team.objects.create(name="Syria")
        StaffReader.objects.create(user=rana, team=team)
        StaffReader.objects.create(user=other)
        signed_in(rana).post(MINE, wishes(user=other.pk, team=""))
        assert StaffReader.objects.get(user=rana).team == team
        assert StaffReader.objects.get(user=other).cadence == "at_once"

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"hour": 24}, "less than or equal to 23"),
            ({"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
            ({"quiet_country": "XX"}, "XX"),
            ({"cadence": "hourly"}, "hourly is not one of the available choices"),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(self, fields: dict[str, Any], says: str) -> None:
        rana = make_user()
        page = signed_in(rana).post(MINE, wishes(**fields)).content.decode()
        assert says in page
        assert 'class="errorlist"' in page
        assert not StaffReader.objects.exists()

    def test_an_account_without_an_address_is_told_so(self) -> None:
        page = signed_in(make_user(email="")).get(MINE).content.decode()
        assert "no mail can be sent to you" in page

    def test_who_is_not_of_the_staff_is_not_let_in(self) -> None:
        outsider = User.objects.create_user("outsider")
        assert signed_in(outsider).get(MINE).status_code == 302
        assert Client().get(MINE).status_code == 302


def rungs(*lines: dict[str, Any], repeat: str = "30") -> dict[str, Any]:
    data: dict[str, Any] = {
        "repeat_days": repeat,
        "rungs-TOTAL_FORMS": len(lines),
        "rungs-INITIAL_FORMS": 0,
        "rungs-MIN_NUM_FORMS": 0,
        "rungs-MAX_NUM_FORMS": 1000,
    }
    for number, line in enumerate(lines):
        data |= {f"rungs-{number}-{name}": value for name, value in line.items()}
    return data


class TestLadders:
    def test_a_reviewer_makes_one_for_a_case(self) -> None:
        reviewer = make_reviewer()
        case = make_case(actor=reviewer)
        client = signed_in(reviewer)
        assert "T-14, T-3, T0, T+7, T+30" in client.get(LADDERS).content.decode()
        data = rungs({"days": 5, "to_assignee": "on"}, {"days": 10, "to_lead": "on"}) | {"case": case.pk}
        assert client.post(f"{LADDERS}add/", data).status_code == 302
        ladder = Ladder.objects.get(case=case)
        assert [str(rung) for rung in ladder.rungs.all()] == ["T+5", "T+10"]
        # It may go again; the default may not.
        assert client.get(f"{LADDERS}{ladder.pk}/delete/").status_code == 200
        default = Ladder.objects.get(case=None, body=None)
        assert client.post(f"{LADDERS}{default.pk}/delete/", {"post": "yes"}).status_code == 403
        assert Ladder.objects.filter(pk=default.pk).exists()

    @pytest.mark.parametrize(
        ("lines", "says"),
        [
            (
                [{"days": 5, "to_assignee": "on"}, {"days": 5, "to_lead": "on"}],
                "Please correct the duplicate data",
            ),
            ([{"days": 5}], "Somebody has to be told: tick one of the three."),
            ([{"days": 0, "to_lead": "on"}], "is always told to its assignee"),
            ([{"days": 9999, "to_lead": "on"}], "less than or equal to 3650"),
        ],
    )
    def test_what_makes_no_ladder_is_refused_in_words(self, lines: list[dict[str, Any]], says: str) -> None:
        reviewer = make_reviewer()
        case = make_case(actor=reviewer)
        page = signed_in(reviewer).post(f"{LADDERS}add/", rungs(*lines) | {"case": case.pk})
        assert page.status_code == 200
        assert says in page.content.decode()
        assert not Ladder.objects.filter(case=case).exists()

    def test_a_second_default_is_refused(self) -> None:
        page = signed_in(make_reviewer()).post(f"{LADDERS}add/", rungs({"days": 1, "to_assignee": "on"}))
        assert page.status_code == 200
        assert Ladder.objects.count() == 1

    def test_a_researcher_sets_none(self) -> None:
        client = signed_in(make_user())
        assert client.get(LADDERS).status_code == 403
        assert client.get("/admin/alerts/team/").status_code == 403
        assert client.get("/admin/alerts/staffreader/").status_code == 403

    def test_the_default_begins_with_the_rungs_of_the_design(self) -> None:
        assert list(Rung.objects.values_list("days", flat=True)) == [-14, -3, 0, 7, 30]


def test_a_reviewer_sets_who_leads() -> None:
    reviewer, lead = make_reviewer(), make_user()
    client = signed_in(reviewer)
    assert client.post("/admin/alerts/team/add/", {"name": "Syria", "lead": lead.pk}).status_code == 302
    assert Team.objects.get().lead == lead

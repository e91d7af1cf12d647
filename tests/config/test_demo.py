import stat
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User

from config.demo import ensure_demo_logins

pytestmark = pytest.mark.django_db


def test_both_logins_may_record_and_review(tmp_path: Path) -> None:
    passwords = ensure_demo_logins(tmp_path / "logins")
    assert set(passwords) == {"demo", "colleague"}
    assert len(set(passwords.values())) == 2
    for name, password in passwords.items():
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.is_staff
        assert not user.is_superuser
        assert user.email == f"{name}@example.org"
        assert set(user.groups.values_list("name", flat=True)) == {"Researcher", "Reviewer"}
    assert stat.S_IMODE((tmp_path / "logins").stat().st_mode) == 0o600


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    ensure_demo_logins(tmp_path / "logins")
    before = (tmp_path / "logins").read_text(), list(User.objects.values("username", "password"))
    assert ensure_demo_logins(tmp_path / "logins") == {}
    assert ((tmp_path / "logins").read_text(), list(User.objects.values("username", "password"))) == before


def test_one_missing_login_is_made_and_the_other_kept(tmp_path: Path) -> None:
    first = ensure_demo_logins(tmp_path / "logins")
    User.objects.get(username="demo").delete()
    second = ensure_demo_logins(tmp_path / "logins")
    kept = dict(line.split() for line in (tmp_path / "logins").read_text().splitlines())
    assert kept == {"demo": second["demo"], "colleague": first["colleague"]}


def test_missing_groups_are_said_and_nobody_is_made(tmp_path: Path) -> None:
    Group.objects.get(name="Reviewer").delete()
    with pytest.raises(LookupError, match="Reviewer"):
        ensure_demo_logins(tmp_path / "logins")
    assert not User.objects.exists()


def test_a_password_that_cannot_be_kept_belongs_to_no_login(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ensure_demo_logins(tmp_path / "nowhere" / "logins")
    assert not User.objects.exists()

"""The two accounts under which seeds are recorded. Nobody can log in with either."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from pledges.roles import REVIEWER

AUTHOR = "seeds-author"
PUBLISHER = "seeds-reviewer"


class AccountTakenError(Exception):
    """A person logs in under a name that the seeds need."""


@dataclass(frozen=True)
class SeedPeople:
    author: User
    publisher: User

    def take_turn(self) -> None:
        """Wait until no other load is writing; holds until the transaction ends."""
        User.objects.select_for_update().get(pk=self.author.pk)


def seed_people() -> SeedPeople:
    """Return both accounts, making them at the first run. Raises AccountTakenError."""
    # Django grants an inactive account no permission at all, and publishing asks for one: the
    # publisher is active. Without a password, an address or staff access it still opens no door.
    publisher = _account(PUBLISHER, is_active=True)
    publisher.groups.add(Group.objects.get(name=REVIEWER))
    return SeedPeople(author=_account(AUTHOR, is_active=False), publisher=publisher)


def _account(username: str, *, is_active: bool) -> User:
    user, _is_new = User.objects.get_or_create(
        username=username, defaults={"is_active": is_active, "password": make_password(None)}
    )
    if user.has_usable_password():
        raise AccountTakenError(
            f"The account “{username}” has a password, but the seeds are recorded under that name. "
            "Rename the account, then load again."
        )
    return user

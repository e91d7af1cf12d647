"""Two logins for a first try: so that one can see that an author cannot publish their own draft."""

import os
import secrets
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.db import transaction

PEOPLE = {"demo": "Demo", "colleague": "Colleague"}
GROUPS = ("Researcher", "Reviewer")
# Nothing that is easily misread on a screen: no 0 and o, no 1 and l and i.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def ensure_demo_logins(path: Path) -> dict[str, str]:
    """Create the missing demo users and return their passwords by name; nothing for those who were there.

    The passwords are also kept in `path`, readable by its owner alone. Raises LookupError without the groups.
    """
    groups = list(Group.objects.filter(name__in=GROUPS))
    if len(groups) != len(GROUPS):
        missing = ", ".join(sorted(set(GROUPS) - {group.name for group in groups}))
        raise LookupError(f"The staff groups are missing ({missing}): the database is not fully migrated.")
    there = set(User.objects.filter(username__in=PEOPLE).values_list("username", flat=True))
    created: dict[str, str] = {}
    with transaction.atomic():
        for name, first_name in PEOPLE.items():
            if name in there:
                continue
            created[name] = new_password()
            user = User.objects.create_user(
                name, f"{name}@example.org", created[name], first_name=first_name, is_staff=True
            )
            user.groups.set(groups)
        if created:
            _keep(path, created)
    return created


def new_password() -> str:
    """Return four groups of four letters: 79 bits, and easy to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def _keep(path: Path, passwords: dict[str, str]) -> None:
    # Written inside the transaction: a password that could not be kept belongs to no login.
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in lines if line.partition(" ")[0] not in passwords]
    kept += [f"{name} {password}" for name, password in passwords.items()]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(kept) + "\n")

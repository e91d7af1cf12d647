"""What a person can do to pledges besides typing: one class a verb, one form and one writer each."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest

from pledges.models import Pledge

if TYPE_CHECKING:
    from pledges.admin.pledge import PledgeAdmin


class Verb(forms.Form):
    """A form over one or more pledges that ends in one writer of `pledges.record`."""

    name: ClassVar[str]
    label: ClassVar[Any]
    done: ClassVar[Any]
    hint: Any = ""
    permission: ClassVar[str]
    # Whether it is offered on the list; what takes a look at each pledge is not.
    is_for_many: ClassVar[bool] = True
    # Fields side by side are a tuple, as in the admin's fieldsets.
    rows: ClassVar[tuple[Any, ...]] = ()

    def __init__(
        self,
        *args: Any,
        admin: "PledgeAdmin",
        request: HttpRequest,
        pledges: Sequence[Pledge],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pledges = pledges
        self.fields.update(self.build_fields(admin, request))

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        """Return the fields of this verb, with the admin's inputs."""
        return {}

    @classmethod
    def fits(cls, pledge: Pledge) -> bool:
        """Whether the change page offers this verb for `pledge`."""
        return bool(pledge.pk)

    @classmethod
    def permits(cls, user: User) -> bool:
        return user.has_perm(f"pledges.{cls.permission}")

    def fieldsets(self) -> list[tuple[None, dict[str, Any]]]:
        """Return the rows whose fields this form has, as the admin lays them out."""
        rows = [row for row in self.rows if isinstance(row, tuple) or row in self.fields]
        return [(None, {"fields": rows})] if rows else []

    def done_words(self, pledge: Pledge) -> str:
        """Say what was done for one pledge."""
        return str(self.done) % pledge.reference

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        """Write it for one pledge. Raises what the writer raises."""
        raise NotImplementedError

"""What can be followed: one pledge, a case, a body, a kind of action, or everything.

Pages name a target by what stands in public addresses (`pledge:SY-2025-0003`, `case:coastal-killings`); rows
name it by its number (`pledge:12`), which never changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from pledges.models import Body, Case, Pledge
from pledges.models.choices import Action
from pledges.models.worded import Worded
from pledges.wordings import in_active_language

from .models import Reach

ALL = "all"
WordedT = TypeVar("WordedT", bound=Worded)


@dataclass(frozen=True)
class Target:
    """Something to follow. `name` is its own name, `label` says in a sentence what is followed."""

    target: str
    reach: Reach
    label: str
    name: str = ""
    address: str = ""


def targets_of(pledge: Pledge) -> list[str]:
    bodies = sorted(body.pk for body in pledge.bodies.all())
    return [
        ALL,
        f"pledge:{pledge.pk}",
        f"case:{pledge.case_id}",
        f"action:{pledge.action}",
        *(f"body:{pk}" for pk in bodies),
    ]


def everything() -> Target:
    return Target(ALL, Reach.ALL, _("Everything on this site"))


def actions() -> list[Target]:
    """Return the kinds of action, each as something to follow."""
    return [_action(Action(value)) for value in Action.values]


def find(public_name: str) -> Target | None:
    """Return what a page offers to follow under `public_name`; None for what is not public or not there."""
    kind, _colon, key = public_name.partition(":")
    if "\x00" in key:
        return None
    found: list[Target] = []
    match kind:
        case "all":
            found = [] if key else [everything()]
        case "action":
            found = [_action(Action(key))] if key in Action.values else []
        case "pledge":
            found = [_pledge(each) for each in _here(Pledge.objects.published().filter(reference=key))]
        case "case":
            found = [_case(each) for each in _here(Case.objects.published().filter(slug=key))]
        case "body":
            found = [_body(each) for each in _here(Body.objects.published().filter(slug=key))]
    return found[0] if found else None


def describe(targets: Iterable[str]) -> dict[str, Target]:
    """Return what rows name, in six queries at most. What is not public any more has no name."""
    asked = list(dict.fromkeys(targets))
    found = [everything(), *actions()]
    found += [
        _pledge(each) for each in _here(Pledge.objects.published().filter(pk__in=_keys(asked, "pledge")))
    ]
    found += [_case(each) for each in _here(Case.objects.published().filter(pk__in=_keys(asked, "case")))]
    found += [_body(each) for each in _here(Body.objects.published().filter(pk__in=_keys(asked, "body")))]
    known = {each.target: each for each in found}
    return {target: known.get(target) or _taken_off(target) for target in asked}


def _here(rows: Iterable[WordedT]) -> list[WordedT]:
    """Load rows with what they are called in the active language."""
    found = list(rows)
    in_active_language(found)
    return found


def _keys(targets: Iterable[str], kind: str) -> list[int]:
    pairs = (target.partition(":") for target in targets)
    return [int(key) for name, _colon, key in pairs if name == kind]


def _pledge(pledge: Pledge) -> Target:
    return Target(
        f"pledge:{pledge.pk}",
        Reach.PLEDGE,
        _("The pledge “%(name)s”") % {"name": pledge.name_here},
        pledge.name_here,
        pledge.get_absolute_url(),
    )


def _case(case: Case) -> Target:
    return Target(
        f"case:{case.pk}",
        Reach.CASE,
        _("All pledges of the case “%(name)s”") % {"name": case.name_here},
        case.name_here,
        case.get_absolute_url(),
    )


def _body(body: Body) -> Target:
    return Target(
        f"body:{body.pk}",
        Reach.BODY,
        _("All pledges of the body “%(name)s”") % {"name": body.name_here},
        body.name_here,
        body.get_absolute_url(),
    )


def _action(action: Action) -> Target:
    label = _("All pledges of this kind: %(name)s") % {"name": action.label}
    return Target(f"action:{action.value}", Reach.ACTION, label, str(action.label))


def _taken_off(target: str) -> Target:
    reach = {"pledge": Reach.PLEDGE, "case": Reach.CASE, "body": Reach.BODY}[target.partition(":")[0]]
    return Target(target, reach, _("Something that is not public any more"))

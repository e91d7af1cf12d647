"""From follow-ups and events to messages for staff: one for each person, at the hour they chose.

Safe to run twice: the unique keys of the alerts decide. Call it in the transaction that writes what it
tells of.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Least

from pledges.models import Event, Pledge

from .ladders import Ladders
from .models import Alert, AlertKind, AlertState, FollowUp, Rung, StaffReader
from .staff_readers import Reader, desk, readers_of

# By assignee, the lead and the director of their team.
Teams = dict[int, tuple[int | None, int | None]]


@dataclass(frozen=True)
class _Notice:
    """One thing that one reader is to be told, at `send_at`."""

    thing: FollowUp | Event
    kind: AlertKind
    reader: Reader
    send_at: datetime

    @property
    def alert(self) -> Alert:
        alert = Alert(kind=self.kind, recipient=self.reader.address, user_id=self.reader.user)
        if isinstance(self.thing, FollowUp):
            alert.follow_up_id = self.thing.pk
        else:
            alert.event_id = self.thing.pk
        return alert


def queue_follow_ups(follow_ups: list[FollowUp], *, now: datetime) -> None:
    """Queue the mails of freshly written follow-ups.

    Where none of a rung's people can or wants to be told, the staff list is. An earlier mail about the same
    deadline that was not tried yet is folded into the new one: after an outage each hears once.
    """
    pledges = _with_people(follow_up.pledge_id for follow_up in follow_ups)
    ladders = Ladders.read()
    teams = _teams_of(pledges.values())
    wanted = {
        each.pk: _people(pledges[each.pledge_id], ladders.rung_for(pledges[each.pledge_id], each.days), teams)
        for each in follow_ups
    }
    readers = readers_of(user for people in wanted.values() for user in people)
    staff_list = desk()
    notices: list[_Notice] = []
    for each in follow_ups:
        told = [readers[user] for user in wanted[each.pk] if user in readers]
        notices += _notices(each, AlertKind.FOLLOW_UP, told, now=now) or _to_all(each, staff_list, now=now)
    _queue(notices, now=now)
    _fold_earlier(follow_ups)


def queue_event(event: Event, kind: AlertKind, *, now: datetime) -> None:
    """Queue the mail about a moved deadline or a reply for the assignee, unless they recorded it."""
    pledge = event.pledge
    if pledge is None or pledge.assignee_id is None or pledge.assignee_id == event.actor_id:
        return
    readers = readers_of([pledge.assignee_id]).values()
    _queue(_notices(event, kind, list(readers), now=now), now=now)


def queue_leads(event_ids: list[int], *, now: datetime) -> None:
    """Queue the mail that a pledge became overdue for the lead and the director, where rung T0 names them.

    The assignee and the staff list hear of it by `fan_out`.
    """
    leads = Rung.objects.filter(Q(to_lead=True) | Q(to_director=True), days=0)
    if not event_ids or not leads.exists():
        return
    events = list(Event.objects.filter(pk__in=event_ids))
    pledges = _with_people(event.pledge_id for event in events if event.pledge_id)
    ladders = Ladders.read()
    teams = _teams_of(pledges.values())
    wanted = {
        event.pk: _people(pledges[event.pledge_id], ladders.rung_for(pledges[event.pledge_id], 0), teams)
        for event in events
        if event.pledge_id
    }
    readers = readers_of(user for people in wanted.values() for user in people)
    notices: list[_Notice] = []
    for event in events:
        told = [readers[user] for user in wanted.get(event.pk, []) if user in readers]
        notices += _notices(event, AlertKind.OVERDUE, told, now=now)
    _queue(notices, now=now)


def _with_people(pledge_ids: Iterable[int]) -> dict[int, Pledge]:
    pledges = Pledge.objects.filter(pk__in=set(pledge_ids))
    return {each.pk: each for each in pledges.prefetch_related("bodies")}


def _teams_of(pledges: Iterable[Pledge]) -> Teams:
    assignees = {pledge.assignee_id for pledge in pledges if pledge.assignee_id}
    rows = StaffReader.objects.filter(user__in=assignees)
    return {
        user: (lead, director)
        for user, lead, director in rows.values_list("user", "team__lead", "team__director")
    }


def _people(pledge: Pledge, rung: Rung | None, teams: Teams) -> list[int]:
    """Return the users that a rung names for a pledge; without a rung (nobody checked it) the assignee."""
    assignee = pledge.assignee_id
    if assignee is None:
        return []
    if rung is None:
        return [assignee]
    lead, director = teams.get(assignee, (None, None))
    named = ((rung.to_assignee, assignee), (rung.to_lead, lead), (rung.to_director, director))
    return list(dict.fromkeys(user for is_named, user in named if is_named and user is not None))


def _notices(
    thing: FollowUp | Event, kind: AlertKind, readers: list[Reader], *, now: datetime
) -> list[_Notice]:
    """Return what goes to whom; nothing for those who want no mail."""
    times = [(reader, reader.mail_at(now)) for reader in readers]
    return [_Notice(thing, kind, reader, send_at) for reader, send_at in times if send_at is not None]


def _to_all(follow_up: FollowUp, staff_list: list[Reader], *, now: datetime) -> list[_Notice]:
    """Nobody named hears of it: the whole desk does, even those there who want no mail else."""
    return [
        _Notice(follow_up, AlertKind.FOLLOW_UP, reader, reader.mail_at(now) or now) for reader in staff_list
    ]


@transaction.atomic
def _queue(notices: list[_Notice], *, now: datetime) -> None:
    new = _not_told(notices)
    at_once = [each for each in new if not each.reader.is_digest]
    alerts = []
    for notice in at_once:
        alert = notice.alert
        alert.state, alert.claimable_at, alert.created_at = AlertState.QUEUED, notice.send_at, now
        alerts.append(alert)
    by_reader: dict[Reader, list[_Notice]] = defaultdict(list)
    for notice in new:
        if notice.reader.is_digest:
            by_reader[notice.reader].append(notice)
    for reader, collected in by_reader.items():
        digest = _open_digest(reader, min(each.send_at for each in collected), now=now)
        for notice in collected:
            alert = notice.alert
            alert.state, alert.digest = AlertState.FOLDED, digest
            alert.claimable_at, alert.created_at = digest.claimable_at, now
            alerts.append(alert)
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)


def _not_told(notices: list[_Notice]) -> list[_Notice]:
    """Return what nobody queued yet: a digest must not be opened for nothing."""
    follow_ups = [each.thing.pk for each in notices if isinstance(each.thing, FollowUp)]
    events = [each.thing.pk for each in notices if isinstance(each.thing, Event)]
    known = Alert.objects.filter(Q(follow_up__in=follow_ups) | Q(event__in=events), subscriber=None)
    told = set(known.values_list("follow_up", "event", "recipient"))
    return [
        each
        for each in notices
        if (each.alert.follow_up_id, each.alert.event_id, each.reader.address) not in told
    ]


def _open_digest(reader: Reader, send_at: datetime, *, now: datetime) -> Alert:
    """Return the digest of a reader that still takes members, locked; open one where there is none."""
    mine = Alert.objects.filter(
        recipient=reader.address,
        subscriber=None,
        kind=AlertKind.DIGEST,
        state=AlertState.QUEUED,
        first_tried_at=None,
    )
    fresh = Alert(
        kind=AlertKind.DIGEST,
        recipient=reader.address,
        user_id=reader.user,
        state=AlertState.QUEUED,
        claimable_at=send_at,
        created_at=now,
    )
    # The update locks it, so that no worker takes it away from the members that are about to join. One that
    # was taken just before leaves nothing to update: then the next has to be opened.
    while not mine.update(claimable_at=Least("claimable_at", send_at)):
        Alert.objects.bulk_create([fresh], ignore_conflicts=True)
    return mine.get()


def _fold_earlier(follow_ups: list[FollowUp]) -> None:
    """Fold what waits untried about the same deadline for the same reader into the newest mail."""
    deadlines = [each.deadline_id for each in follow_ups if each.deadline_id is not None]
    newest = {
        (each.recipient, each.follow_up.deadline_id): each.pk
        for each in Alert.objects.filter(
            follow_up__in=[each.pk for each in follow_ups if each.deadline_id], state=AlertState.QUEUED
        ).select_related("follow_up")
        if each.follow_up is not None
    }
    waiting = (
        Alert.objects.filter(
            Q(event__deadline__in=deadlines, kind=AlertKind.OVERDUE) | Q(follow_up__deadline__in=deadlines),
            state=AlertState.QUEUED,
            first_tried_at=None,
            subscriber=None,
        )
        .exclude(pk__in=newest.values())
        .select_related("event", "follow_up")
    )
    for alert in waiting:
        about = alert.event or alert.follow_up
        told_in = newest.get((alert.recipient, about.deadline_id if about else None))
        if told_in is not None:
            # Another worker may have taken it meanwhile: then it goes out by itself.
            Alert.objects.filter(pk=alert.pk, state=AlertState.QUEUED, first_tried_at=None).update(
                state=AlertState.FOLDED, digest=told_in
            )

"""A draft twin of every kind of object, each with the marker in all the words that it has."""

from datetime import date
from typing import Any

from django.apps import apps

from pledges import record
from pledges.models import Body, Case, Pledge
from tests.letters.support import answer, make_letter, send
from tests.public.test_drafts import MARK, marked_draft
from tests.support.founding import LAPSE, Founding
from tests.support.records import make_body, make_case, make_draft, make_reviewer, make_source, make_user
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts.models import Alert, AlertKind, AlertState, FollowRequest, Reach, Receipt, Team

# What stands in no public answer but as a twin's; the value says why another model needs no twin.
WITHOUT_WORDS = {
    "pledges.Checkpoint": "holds hashes alone",
    "pledges.CheckpointLeaf": "holds the names of what is public, by its writer, and has no draft",
    "pledges.ReferenceCounter": "holds a country, a year and a number",
    "public.SearchEntry": "is made of what is published, and has no draft",
    "health.Heartbeat": "holds the name of a task and an instant",
    "health.Incident": "holds names of tasks and instants",
    "alerts.Ladder": "holds numbers",
    "alerts.Rung": "holds numbers",
    "alerts.FollowUp": "holds numbers and days",
    "alerts.LadderPass": "holds a time zone and a day",
    "alerts.Allowance": "holds a keyed hash and a number",
    "alerts.StaffReader": "holds choices, for a user and a team",
    "alerts.Subscription": "holds what is followed by number",
    "alerts.FollowRequest": "holds what is asked for by number",
    "alerts.Untold": "names an event",
}


def make_twins(base: Founding) -> Pledge:
    """Record drafts with subjects of their own and beside what is public, and what staff keep to itself."""
    author = make_user(username=f"{MARK}-desk", first_name=MARK, email=f"{MARK}@ngo.example")
    twin = make_whole_draft()
    make_draft(
        title=f"{MARK} title beside",
        quote=MARK,
        case=base.case,
        bodies=[base.presidency],
        follows=base.report,
    )
    # A verdict on a public pledge that waits for its second person, and one that was declined.
    for pledge, is_declined in ((base.trials, True), (base.trials, False)):
        proposal = record.propose_verdict(
            pledge=pledge,
            status="refused",
            effective_on=date(2025, 4, 8),
            reason=f"{MARK} verdict",
            sources=[make_source(actor=author, title=f"{MARK} for the verdict")],
            actor=author,
            now=LAPSE,
        )
        if is_declined:
            record.decline_verdict(
                pledge=proposal.pledge, reason=f"{MARK} declined", actor=make_reviewer(), now=LAPSE
            )
    _correspond(base)
    return twin


def make_whole_draft() -> Pledge:
    """A draft of which every kind of public event will be told, with a case and a body of its own."""
    author = make_user()
    case = make_case(
        actor=author,
        title=f"{MARK} case",
        slug=f"{MARK}-case",
        summary=f"{MARK} summary",
        sources=[make_source(actor=author, title=f"{MARK} on the case")],
    )
    body = make_body(actor=author, name=f"{MARK} body", slug=f"{MARK}-body", description=f"{MARK} body text")
    twin = marked_draft(case=case, bodies=[body])
    for kind, by_body in (("dispute", None), ("reply", body)):
        update = record.add_update(
            pledge=twin,
            kind=kind,
            happened_on=date(2025, 4, 6),
            text=f"{MARK} {kind}",
            sources=[make_source(actor=author, title=f"{MARK} of the {kind}")],
            actor=author,
            now=LAPSE,
            by_body=by_body,
        )
        record.amend_update(
            update=update,
            changes={"text": f"{MARK} mended {kind}"},
            reason=MARK,
            actor=author,
            now=LAPSE,
        )
    record.amend_pledge(pledge=twin, changes={"note": f"{MARK} mended"}, reason=MARK, actor=author, now=LAPSE)
    _translate(twin, case, body)
    twin.refresh_from_db()
    return twin


def _translate(*subjects: Pledge | Case | Body) -> None:
    for subject in subjects:
        for field in subject.worded:
            for language in ("ar", "fr", "es"):
                record.translate(
                    subject=subject,
                    field=field,
                    language=language,
                    text=f"{MARK} {field} {language}",
                    actor=make_user(),
                    now=LAPSE,
                )


def _correspond(base: Founding) -> None:
    """A letter about a public pledge with its answer, and mail to staff and to readers."""
    letter = make_letter()
    answer(send(letter, sent_how=f"{MARK} post"), reply_text=f"{MARK} answered")
    reader = make_subscriber(address=f"{MARK}@readers.example", suppressed_for=MARK)
    follow(reader, f"pledge:{base.report.pk}")
    FollowRequest.objects.create(
        subscriber=reader, target="all", reach=Reach.ALL, language="en", created_at=LAPSE
    )
    Team.objects.create(name=f"{MARK} team", lead=make_user())
    alert = Alert.objects.create(
        kind=AlertKind.WATCHDOG,
        recipient=f"{MARK}@staff.example",
        state=AlertState.SENT,
        subject=MARK,
        text=MARK,
        html=MARK,
        created_at=LAPSE,
        claimable_at=LAPSE,
        sent_at=LAPSE,
    )
    Receipt.objects.create(alert=alert, sent_at=LAPSE, message_id=f"<{MARK}@x>", via="smtp")


def without_twin() -> list[str]:
    """Return the models of this project that nobody has thought about: no row of theirs has the marker."""
    ours = [each for each in apps.get_models() if each.__module__.startswith(("pledges.", "tracker."))]
    return [
        each._meta.label for each in ours if each._meta.label not in WITHOUT_WORDS and not _has_marker(each)
    ]


def _has_marker(model: Any) -> bool:
    return any(MARK in str(row) for row in model._default_manager.values_list())


def publish(twin: Pledge) -> Pledge:
    return record.publish(pledge=twin, actor=make_reviewer(), now=LAPSE)

"""One address of every type of public page, on a record with all that such a page can show."""

from datetime import date
from urllib.parse import quote

from pledges import record
from pledges.models import Body, Case, Pledge
from tests.support import founding
from tests.support.founding import LAPSE, PRESENTED_AT, Founding, founding_case
from tests.support.records import make_pledge, make_reviewer, make_source, make_user
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import tokens
from tracker.alerts.models import Cadence, FollowRequest, Reach, Subscriber
from tracker.alerts.tokens import Purpose
from tracker.watch.sweep import sweep

UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
PLAIN = (
    "/",
    "/pledges/",
    "/pledges/?words=absent",
    "/overdue/",
    "/cases/",
    "/bodies/",
    "/follow/",
    "/follow/asked/",
    "/follow/leave/cut-off/",
    "/corrections/",
    "/checkpoints/",
    "/checkpoints/1/",
    "/data/",
    "/about/",
    "/safety/",
    "/api/",
    "/calendar/2025/07/",
    "/calendar/2025/07/10/",
    "/calendar/2025/13/",
    "/calendar/1999/01/",
    "/no-such-page/",
)


def every_page(language: str = "en") -> list[str]:
    """Make the record, with words that are long, foreign and unbroken, and return the addresses.

    `language` is that of the reader by mail, whose pages are in no other.
    """
    case = founding_case()
    sweep(now=LAPSE)
    founding.extend(case)
    founding.present(case)
    long, off = _long(case), make_pledge(latest=None)
    record.amend_pledge(
        pledge=long, changes={"note": UNBROKEN}, reason=UNBROKEN, actor=make_user(), now=PRESENTED_AT
    )
    record.unpublish(pledge=off, reason=UNBROKEN, actor=make_reviewer(), now=PRESENTED_AT)
    for subject, field in ((case.report, "title"), (case.report, "note"), (case.case, "summary")):
        _translate(subject, field)
    record.take_checkpoint(now=PRESENTED_AT)
    subjects = (case.report, case.trials, long, off, case.case, case.commission)
    filtered = f"/pledges/?words={quote(UNBROKEN[:150])}&timeliness=nonsense&case={case.case.slug}"
    return [
        *PLAIN,
        filtered,
        f"/follow/?what=pledge:{long.reference}",
        *_mailed(make_subscriber(language=language), long),
        *(subject.get_absolute_url() for subject in subjects),
    ]


def every_card() -> list[str]:
    """Return the card of a pledge, a case and a body of the record that `every_page` made."""
    subjects = (*Pledge.objects.order_by("pk"), Case.objects.earliest("pk"), Body.objects.earliest("pk"))
    return [f"{subject.get_absolute_url()}card/" for subject in subjects]


def _long(case: Founding) -> Pledge:
    return make_pledge(
        title=UNBROKEN[:190],
        quote=UNBROKEN,
        speaker=UNBROKEN[:190],
        case=case.case,
        bodies=[case.commission],
        follows=case.report,
        source=make_source(actor=make_user(), title=UNBROKEN, url=f"https://news.example/{UNBROKEN}"),
        latest=date(2025, 7, 14),
    )


def _translate(subject: Pledge | Case, field: str) -> None:
    record.translate(
        subject=subject,
        field=field,
        language="ar",
        text="يُلزم القرار اللجنة بتقديم التقرير لا بنشره.",
        actor=make_user(),
        now=PRESENTED_AT,
    )


def _mailed(reader: Subscriber, pledge: Pledge) -> list[str]:
    """Return the pages to which mails link: confirming, changing, leaving."""
    follow(reader, f"pledge:{pledge.pk}")
    follow(reader)
    asked = FollowRequest.objects.create(
        subscriber=reader,
        target="all",
        reach=Reach.ALL,
        cadence=Cadence.DAILY,
        language=reader.language,
        created_at=PRESENTED_AT,
    )
    about = {Purpose.CONFIRM: asked.pk}
    return [
        f"/follow/{purpose}/{tokens.make(purpose, reader.pk, reader.secret, about.get(purpose))}/"
        for purpose in Purpose
    ]

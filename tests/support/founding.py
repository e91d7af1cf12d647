"""The founding case as the pages show it: the commission's report, its chain, an Arabic quote."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from pledges import record
from pledges.models import Body, Case, Pledge
from tests.support import records
from tests.support.records import make_case, make_pledge, make_reviewer, make_source, make_user

MARCH = datetime(2025, 3, 9, 12, 0, tzinfo=UTC)
LAST_INSTANT = datetime(2025, 4, 8, 20, 59, 59, 999999, tzinfo=UTC)
LAPSE = datetime(2025, 4, 8, 21, 0, tzinfo=UTC)
EXTENDED_AT = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)
PRESENTED_AT = datetime(2025, 7, 22, 18, 0, tzinfo=UTC)
ARABIC = "ستسلّم اللجنة تقريرها إلى رئاسة الجمهورية خلال ثلاثين يوماً من تاريخ صدور القرار"
TRANSLATION = "The commission shall hand in its report to the presidency within thirty days."


@dataclass(frozen=True)
class Founding:
    case: Case
    presidency: Body
    commission: Body
    report: Pledge
    trials: Pledge


def founding_case() -> Founding:
    """Record the report as of 9 March 2025, due 8 April, and a promise of trials without a date."""
    author = make_user()
    case = make_case(
        actor=author,
        now=MARCH,
        title="Violence on the coast",
        summary="What happened on the coast from 6 March 2025.",
        sources=[make_source(actor=author, now=MARCH, title="Report on the case")],
    )
    presidency = record.record_body(
        name="Presidency of Syria",
        kind="head_of_state",
        country="SY",
        time_zone="Asia/Damascus",
        actor=author,
        now=MARCH,
    )
    commission = record.record_body(
        name="National commission",
        kind="commission",
        country="SY",
        time_zone="Asia/Damascus",
        description="Seven members.",
        actor=author,
        now=MARCH,
    )
    decree = make_source(
        actor=author,
        now=MARCH,
        title="نص القرار رقم ٣",
        language="ar",
        publisher="Official Gazette",
        url="https://gazette.example/decree-3",
        archived_url="https://archive.example/decree-3",
        published_on=date(2025, 3, 9),
    )
    report = make_pledge(
        now=MARCH,
        actor=author,
        title="Hand in the commission's report",
        quote=ARABIC,
        quote_language="ar",
        quote_translation=TRANSLATION,
        speaker="Presidency of Syria, decision no. 3",
        bodies=[commission, presidency],
        case=case,
        made_on=date(2025, 3, 9),
        source=decree,
        source_locator="Article 4",
        other_sources=[make_source(actor=author, now=MARCH, title="Press report on the decree")],
        note="The decision obliges the commission to report, not to publish.",
        deadline=record.DeadlineTerms(
            phrase="within 30 days",
            anchor_on=date(2025, 3, 9),
            anchor_label="the decree",
            latest=date(2025, 4, 8),
        ),
    )
    trials = make_pledge(
        now=MARCH,
        actor=author,
        title="Hold those responsible to account",
        quote="Whoever took part will be held to account.",
        quote_form="reported",
        action="prosecute",
        bodies=[presidency],
        case=case,
        made_on=date(2025, 3, 9),
        made_on_precision="month",
        follows=report,
        latest=None,
        phrase="in the near future",
    )
    return Founding(case, presidency, commission, report, trials)


def extend(founding: Founding) -> None:
    """Decision no. 11: three months more, to 10 July 2025."""
    actor = make_user()
    record.extend_deadline(
        pledge=founding.report,
        terms=record.DeadlineTerms(
            phrase="three months",
            anchor_on=date(2025, 4, 10),
            anchor_label="decision no. 11",
            latest=date(2025, 7, 10),
            announced_by="President of Syria",
            reason="At the commission's request.",
        ),
        source=make_source(actor=actor, now=EXTENDED_AT, title="Report on decision no. 11"),
        announced_on=date(2025, 4, 10),
        actor=actor,
        now=EXTENDED_AT,
    )


def present(founding: Founding) -> None:
    """The findings of 22 July 2025, an objection, a reply, and the judgement that rests on them."""
    actor = make_reviewer()
    findings = record.add_update(
        kind="fulfilment",
        happened_on=date(2025, 7, 22),
        text="The commission presents its findings.",
        sources=[make_source(actor=actor, now=PRESENTED_AT, title="Report on the findings")],
        pledge=founding.report,
        actor=actor,
        now=PRESENTED_AT,
    )
    record.add_update(
        kind="dispute",
        happened_on=date(2025, 7, 22),
        text="Organisations object that the report is withheld.",
        sources=[make_source(actor=actor, now=PRESENTED_AT, title="The objection")],
        pledge=founding.report,
        actor=actor,
        now=PRESENTED_AT,
    )
    record.add_update(
        kind="reply",
        happened_on=date(2025, 7, 22),
        text="تقول اللجنة إن التقرير سُلّم إلى الرئاسة",
        language="ar",
        by_body=founding.report.bodies.order_by("pk")[0],
        sources=[make_source(actor=actor, now=PRESENTED_AT, title="The reply")],
        pledge=founding.report,
        actor=actor,
        now=PRESENTED_AT,
    )
    records.judge(
        status="fulfilled",
        effective_on=date(2025, 7, 22),
        reason="The findings were presented that day.",
        updates=[findings],
        pledge=founding.report,
        actor=actor,
        now=PRESENTED_AT,
    )

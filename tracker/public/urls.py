"""Addresses of the public pages. They are cited and printed: they stay."""

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter, StringConverter
from django.views.generic import RedirectView

from . import calendars, checkpoints, corrections, feeds, ical, views
from .api.docs import documentation
from .keeping import for_any_site, of_record, read_only
from .overview import overview
from .safety import safety

app_name = "public"


class ReferenceConverter(StringConverter):
    """What can be a pledge's reference; anything else is not found before the database is asked."""

    regex = "[A-Z]{2}-[0-9]{4}-[0-9]{4,}"


class YearConverter(IntConverter):
    regex = "[0-9]{4}"

    def to_url(self, value: str | int) -> str:
        return f"{int(value):04d}"


class TwoDigitConverter(IntConverter):
    """A month or a day, of which 13 and 99 are some: the view says what is wrong with them."""

    regex = "[0-9]{2}"

    def to_url(self, value: str | int) -> str:
        return f"{int(value):02d}"


class ShortConverter(IntConverter):
    """A month or a day as somebody writes it from memory."""

    regex = "[0-9]{1,2}"


class CountedConverter(IntConverter):
    """A number counted from 1, in the one way to write it: every other would be a page of its own to keep."""

    regex = "[1-9][0-9]*"


register_converter(ReferenceConverter, "reference")
register_converter(YearConverter, "year")
register_converter(TwoDigitConverter, "two_digit")
register_converter(ShortConverter, "short")
register_converter(CountedConverter, "counted")

to_month = RedirectView.as_view(pattern_name="public:month")
to_day = RedirectView.as_view(pattern_name="public:day")
to_keep = read_only(for_any_site(checkpoints.checkpoint_file))
urlpatterns = [
    path("", read_only(overview), name="overview"),
    path("pledges/", read_only(views.pledges), name="pledges"),
    path("pledges/<reference:reference>/", read_only(views.pledge), name="pledge"),
    path("overdue/", read_only(views.overdue), name="overdue"),
    path("cases/", read_only(views.cases), name="cases"),
    path("cases/<slug:slug>/", read_only(views.case), name="case"),
    path("bodies/", read_only(views.bodies), name="bodies"),
    path("bodies/<slug:slug>/", read_only(views.body), name="body"),
    path("about/", read_only(views.about), name="about"),
    path("safety/", read_only(safety), name="safety"),
    path("api/", read_only(documentation), name="api"),
    path("corrections/", read_only(corrections.corrections), name="corrections"),
    path("corrections.atom", of_record(feeds.mended), name="feed_corrections"),
    path("checkpoints/", read_only(checkpoints.checkpoints), name="checkpoints"),
    path("checkpoints/<counted:number>/", read_only(checkpoints.checkpoint), name="checkpoint"),
    path("checkpoints/<counted:number>.json", to_keep, name="checkpoint_file"),
    path("checkpoints.atom", of_record(feeds.checkpoints), name="feed_checkpoints"),
    path("calendar/", read_only(calendars.this_month), name="calendar"),
    path("calendar/<year:year>/<two_digit:month>/", read_only(calendars.month), name="month"),
    path("calendar/<year:year>/<two_digit:month>/<two_digit:day>/", read_only(calendars.day), name="day"),
    path("calendar/<year:year>/<short:month>/", to_month, name="month_in_short"),
    path("calendar/<year:year>/<short:month>/<short:day>/", to_day, name="day_in_short"),
    path("calendar.ics", of_record(ical.everything), name="ical"),
    path("feed.atom", of_record(feeds.everything), name="feed"),
    path("overdue.atom", of_record(feeds.overdue), name="feed_overdue"),
    path("follow/", include("tracker.public.follow.urls")),
    path("data/", include("tracker.public.data.urls")),
    path("", include("tracker.public.embeds.urls")),
    path("pledges/<reference:reference>/feed.atom", of_record(feeds.of_pledge), name="feed_pledge"),
    path("cases/<slug:slug>/feed.atom", of_record(feeds.of_case), name="feed_case"),
    path("bodies/<slug:slug>/feed.atom", of_record(feeds.of_body), name="feed_body"),
    path("pledges/<reference:reference>/calendar.ics", of_record(ical.of_pledge), name="ical_pledge"),
    path("cases/<slug:slug>/calendar.ics", of_record(ical.of_case), name="ical_case"),
    path("bodies/<slug:slug>/calendar.ics", of_record(ical.of_body), name="ical_body"),
]

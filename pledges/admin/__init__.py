"""The staff screens. Registered here; the index says first what needs somebody."""

from django.conf import settings
from django.contrib import admin

from . import body, case, event, pledge, source
from .needs import Need, need, note
from .tools import Tool, tool

admin.site.site_header = admin.site.site_title = settings.TRACKER_SITE_NAME
# Six lists need no side bar; the tables need its room.
admin.site.enable_nav_sidebar = False
admin.site.index_template = "admin/pledges/index.html"

__all__ = ["Need", "Tool", "body", "case", "event", "need", "note", "pledge", "source", "tool"]

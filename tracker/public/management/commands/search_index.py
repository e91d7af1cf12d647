from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from tracker.public.search.index import rebuild


class Command(BaseCommand):
    help = "Make the index of the public search again from the record. It keeps itself up to date otherwise."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        count = rebuild()
        self.stdout.write(_("%(count)d published pledges can be searched.") % {"count": count})

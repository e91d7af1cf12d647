"""Addresses of the API, version 1. They know no language, and stay; another version gets another prefix."""

from django.conf import settings
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.operation import Operation

from . import errors
from .operations import router
from .serving import served

app_name = "api"


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name operations as their addresses are named, not by where they stand in the code."""
        return operation.view_func.__name__


api = Api(
    title=settings.TRACKER_SITE_NAME,
    version="1",
    description="The public record, read-only: what officials promised, by when, and what came of it.",
    docs_url=None,
    urls_namespace=app_name,
    servers=[{"url": settings.TRACKER_SITE_URL}],
    default_router=router,
)
api.add_exception_handler(errors.Refusal, errors.on_refusal)
api.add_exception_handler(ValidationError, errors.on_bad_values)

urlpatterns = [
    *(
        URLPattern(each.pattern, served(each.callback), each.default_args, each.name)
        for each in api.urls[0]
        if isinstance(each, URLPattern)
    ),
    path("<path:rest>", served(errors.no_such_address), name="elsewhere"),
]

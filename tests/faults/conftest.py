"""The same mail server and the same alerts as the tests of delivery."""

from tests.alerts.conftest import sink, site

__all__ = ["sink", "site"]

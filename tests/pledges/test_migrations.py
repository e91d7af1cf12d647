"""Migrations over real rows, forwards and back: nothing is lost, and what is derived is filled again."""

from pathlib import Path

import pytest
from django.db import connection

from tests.faults.commands import run


def manage(folder: Path, *arguments: str) -> str:
    """Run a command on a record of its own, in SQLite."""
    environment = {"TRACKER_VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/record.sqlite3"}
    return run(*arguments, environment=environment)


@pytest.mark.once
def test_a_record_survives_the_way_back_and_forth(tmp_path: Path) -> None:
    first = manage(tmp_path, "migrate")
    assert "WARNING" not in first
    manage(tmp_path, "load_seeds")
    before = manage(tmp_path, "verify_record")
    manage(tmp_path, "migrate", "pledges", "0012")
    manage(tmp_path, "migrate")
    assert manage(tmp_path, "verify_record") == before
    assert "nothing was altered" in before
    assert not before.startswith("0 events")


@pytest.mark.django_db
def test_the_link_of_bodies_keeps_the_index_that_no_model_names() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "pledges_pledge_bodies")
    assert found["pledge_of_body"]["columns"] == ["body_id", "pledge_id"]

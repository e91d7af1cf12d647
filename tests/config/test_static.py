"""Static files in a process of their own: before `collectstatic`, after it, and when it is out of date."""

import json
import re
from pathlib import Path

import pytest

from tests.config.test_settings import run

pytestmark = pytest.mark.once
CODE = """
import django; django.setup()
from django.templatetags.static import static
from django.test import Client
for name in ("admin/css/base.css", "brand/new.css"):
    address = static(name)
    answer = Client().get(address, headers={"host": "localhost"})
    print(address, answer.status_code, answer.get("Cache-Control"))
"""


def served(folder: Path) -> list[list[str]]:
    done = run(folder, "-c", CODE, DJANGO_SETTINGS_MODULE="config.settings")
    assert done.returncode == 0, done.stderr
    return [line.split(" ", 2) for line in done.stdout.splitlines()]


def test_before_collecting_files_come_from_the_apps_under_their_own_names(tmp_path: Path) -> None:
    known, unknown = served(tmp_path)
    assert known[:2] == ["/static/admin/css/base.css", "200"]
    assert unknown[:2] == ["/static/brand/new.css", "404"]


def test_after_collecting_names_are_hashed_and_kept_for_ever(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "collectstatic", "--noinput")
    assert done.returncode == 0, done.stderr
    known, unknown = served(tmp_path)
    assert re.fullmatch(r"/static/admin/css/base\.[0-9a-f]{12}\.css", known[0])
    assert known[1] == "200"
    assert "immutable" in known[2]
    assert unknown[:2] == ["/static/brand/new.css", "404"]


def test_what_was_not_collected_spoils_no_page(tmp_path: Path) -> None:
    assert run(tmp_path, "manage.py", "collectstatic", "--noinput").returncode == 0
    manifest = tmp_path / "var/static/staticfiles.json"
    held = json.loads(manifest.read_text())
    del held["paths"]["admin/css/base.css"]
    manifest.write_text(json.dumps(held))
    assert served(tmp_path)[0][:2] == ["/static/admin/css/base.css", "200"]

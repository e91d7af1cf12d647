"""The page that explains the format says what the loader does."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from django.conf import settings

from pledges.models import Pledge
from pledges.seeding import load_seeds, shapes

from .test_content import NOW
from .writing import SMALL, write

README = (Path(settings.BASE_DIR) / "seeds" / "README.md").read_text("utf-8")
SHAPES = {
    "sources": shapes.SourceRow,
    "bodies": shapes.BodyRow,
    "cases": shapes.CaseRow,
    "pledges": shapes.PledgeRow,
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_table_names_every_field(name: str) -> None:
    [row] = [line for line in README.splitlines() if line.startswith(f"| `{name}`")]
    _, _, needs, may_have, _ = row.split("|")
    known = [one for one in fields(SHAPES[name]) if one.name != "place"]
    needed = {one.name for one in known if one.default is MISSING}
    assert set(re.findall(r"`(\w+)`", needs)) == needed
    assert set(re.findall(r"`(\w+)`", may_have)) == {one.name for one in known} - needed


@pytest.mark.django_db
def test_the_example_can_be_loaded(tmp_path: Path) -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    before = SMALL.split("pledges:\n")[0].replace("slug: coast", "slug: syrian-coast-march-2025")
    for name in ("decision-11", "conference"):
        before = before.replace(
            "sources:\n", f"sources:\n  - {{id: {name}, title: T, url: 'https://a.example/{name}'}}\n", 1
        )
    second = (
        "  - slug: presidency\n    name: P\n    kind: other\n    country: SY\n    time_zone: Asia/Damascus\n"
    )
    text = before.replace("cases:\n", second + "cases:\n", 1) + "pledges:\n" + example
    load_seeds([write(tmp_path, text)], now=NOW)
    pledge = Pledge.objects.get()
    assert (pledge.status, pledge.deadlines.count()) == ("fulfilled", 2)

"""The page of rules lists every rule and every problem, and its examples are true."""

from pathlib import Path

import pytest

from pledges.deadlines.rules import Rule
from pledges.deadlines.windows import Problem
from tests.pledges.deadlines.reading import no_date, window

pytestmark = pytest.mark.once

PAGE = Path(__file__).parents[3] / "docs" / "deadline-rules.md"
# They need more than words: see the page.
WITHOUT_EXAMPLE = {Problem.EMPTY, Problem.NEEDS_COUNTRY}


def table(columns: int) -> list[list[str]]:
    """Return the rows of the page's table with so many columns, heads left out."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if len(row) == columns]


RULES, PROBLEMS = table(6), table(2)


def test_every_rule_is_listed_with_its_version() -> None:
    assert sorted((rule, int(version)) for rule, version, *_ in RULES) == sorted(rule.value for rule in Rule)


@pytest.mark.parametrize(("rule", "version", "meaning", "example", "earliest", "latest"), RULES)
def test_examples_of_rules(
    rule: str, version: str, meaning: str, example: str, earliest: str, latest: str
) -> None:
    found = window(example)
    assert (found.rule, str(found.rule_version)) == (rule, version)
    assert (found.earliest.isoformat(), found.latest.isoformat()) == (earliest, latest)
    assert meaning


def test_every_problem_is_listed() -> None:
    assert {problem for problem, _ in PROBLEMS} == {
        problem.value for problem in set(Problem) - WITHOUT_EXAMPLE
    }
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"`{problem.value}`" in page for problem in WITHOUT_EXAMPLE)


@pytest.mark.parametrize(("problem", "example"), PROBLEMS)
def test_examples_of_problems(problem: str, example: str) -> None:
    assert no_date(example).problem == problem

"""What HTML and WCAG ask of a page beyond its grammar, as rules over the tree of html5lib."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import pairwise
from xml.etree.ElementTree import Element

HEADING = re.compile(r"h[1-6]")
# Language, then script, then region: as much of BCP 47 as we use.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-[0-9]{3})?")
INTERACTIVE = {"a", "button", "input", "select", "textarea", "label", "summary", "details", "iframe"}
# A summary stands in its details, and a field in its label.
MAY_HOLD = {"details": INTERACTIVE, "label": INTERACTIVE - {"label"}}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers", "list")
ONLY = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"div", "dt", "dd"},
    "tr": {"th", "td"},
    "table": {"caption", "thead", "tbody", "tfoot", "colgroup"},
    "select": {"option", "optgroup"},
}
# Others repeat what an element is by itself; on what stands in a table HTML forbids that.
ROLES = {"search", "status", "alert", "img", "region"}
NEED_NO_LABEL = {"hidden", "submit"}


def unique_ids(page: Element) -> Iterator[str]:
    seen = Counter(each.get("id") for each in page.iter() if each.get("id") is not None)
    yield from (f"id {name!r} {count} times" for name, count in seen.items() if count > 1 or not name)


def references_lead_somewhere(page: Element) -> Iterator[str]:
    ids = {each.get("id") for each in page.iter()}
    for each in page.iter():
        for attribute in REFERENCES:
            named = str(each.get(attribute) or "").split()
            yield from (f"{attribute}={name!r}" for name in named if name not in ids)
        href = str(each.get("href") or "")
        if href.startswith("#") and href[1:] not in ids:
            yield f"href={href!r}"


def links_have_an_address_and_a_name(page: Element) -> Iterator[str]:
    for link in page.iter("a"):
        if not str(link.get("href") or "").strip():
            yield f"no address: {text(link)!r}"
        if not (text(link) or link.get("aria-label")):
            yield f"no name: {link.get('href')}"


def fields_have_labels(page: Element) -> Iterator[str]:
    labelled = {each.get("for") for each in page.iter("label") if text(each)}
    for kind in ("input", "select", "textarea"):
        for field in page.iter(kind):
            if field.get("type") not in NEED_NO_LABEL and field.get("id") not in labelled:
                yield f"{kind} {field.get('name')}"


def headings_in_order(page: Element) -> Iterator[str]:
    levels = [int(each.tag[1]) for each in elements(page) if HEADING.fullmatch(each.tag)]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"h1 is not once and first: {levels}"
    yield from (f"h{one} then h{after}" for one, after in pairwise(levels) if after > one + 1)
    yield from (
        f"empty {each.tag}" for each in elements(page) if HEADING.fullmatch(each.tag) and not text(each)
    )


def nothing_interactive_in_another(page: Element) -> Iterator[str]:
    for outer in elements(page):
        allowed = MAY_HOLD.get(outer.tag, set())
        if outer.tag in INTERACTIVE:
            inner = (
                each for each in elements(outer) if each is not outer and each.tag in INTERACTIVE - allowed
            )
            yield from (f"{each.tag} in {outer.tag}" for each in inner)


def lists_and_tables_hold_their_own(page: Element) -> Iterator[str]:
    for outer in elements(page):
        if outer.tag in ONLY:
            yield from (f"{each.tag} in {outer.tag}" for each in outer if each.tag not in ONLY[outer.tag])


def every_cell_has_a_head(page: Element) -> Iterator[str]:
    for table in page.iter("table"):
        if not text(table.find("caption")):
            yield "table without caption"
        heads = [each.get("scope") for each in table.iter("th")]
        if not heads or set(heads) - {"col", "row"}:
            yield f"heads of a table: {heads}"


def languages_are_real(page: Element) -> Iterator[str]:
    for each in page.iter():
        for attribute in ("lang", "hreflang"):
            code = each.get(attribute)
            # An empty one says that the language is not known, "x-default" that a page is for all others.
            if code and not LANGUAGE.fullmatch(code) and (attribute, code) != ("hreflang", "x-default"):
                yield f"{attribute}={code!r}"
        if each.get("dir") not in (None, "ltr", "rtl", "auto"):
            yield f"dir={each.get('dir')!r}"


def days_are_real(page: Element) -> Iterator[str]:
    for each in page.iter("time"):
        if not is_day(str(each.get("datetime"))):
            yield f"datetime={each.get('datetime')!r}"


def is_day(value: str) -> bool:
    if re.fullmatch(r"\d{4}(-\d\d)?", value):
        value = f"{value}-01-01"[:10]
    try:
        if len(value) == len("2025-04-08"):
            return bool(date.fromisoformat(value))
        # HTML knows no fraction finer than a thousandth.
        return datetime.fromisoformat(value).microsecond % 1000 == 0
    except ValueError:
        return False


def landmarks(page: Element) -> Iterator[str]:
    if len(list(page.iter("main"))) != 1:
        yield "not one main"
    names = Counter(each.get("aria-label") for each in page.iter("nav"))
    yield from (f"nav {name!r} {count} times" for name, count in names.items() if not name or count > 1)


def roles_are_known(page: Element) -> Iterator[str]:
    roles = (str(each.get("role")) for each in page.iter() if each.get("role") is not None)
    yield from (f"role {role!r}" for role in roles if role not in ROLES)


def pictures_have_words(page: Element) -> Iterator[str]:
    for each in page.iter("img"):
        if each.get("alt") is None:
            yield f"img {each.get('src')}"
    inner = {id(deep) for each in page.iter("svg") for deep in each.iter("svg") if deep is not each}
    for each in page.iter("svg"):
        is_named = each.get("role") == "img" and each.get("aria-labelledby")
        if id(each) not in inner and not is_named and each.get("aria-hidden") != "true":
            yield "svg"


def page_is_named(page: Element) -> Iterator[str]:
    titles = [text(each) for each in page.findall("head/title")]
    if len(titles) != 1 or not titles[0].strip(" ·"):
        yield f"titles {titles}"
    if not page.get("lang"):
        yield "no language"


def elements(page: Element) -> Iterator[Element]:
    """Return all elements; a comment has a function for a tag."""
    return (each for each in page.iter() if str(each.tag).isalnum())


def text(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


RULES: tuple[Callable[[Element], Iterator[str]], ...] = (
    unique_ids,
    references_lead_somewhere,
    links_have_an_address_and_a_name,
    fields_have_labels,
    headings_in_order,
    nothing_interactive_in_another,
    lists_and_tables_hold_their_own,
    every_cell_has_a_head,
    languages_are_real,
    days_are_real,
    landmarks,
    roles_are_known,
    pictures_have_words,
    page_is_named,
)

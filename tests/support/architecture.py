"""What can be read out of the source about who knows whom, who reads the clock and who writes."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
ROOMS = ("config", "pledges", "tracker", "tests")
CLOCK_CALLS = {
    "django.utils.timezone.now",
    "django.utils.timezone.localdate",
    "django.utils.timezone.localtime",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
}
_WRITES = (
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
)
# With their asynchronous twins, and the ones of many-to-many relations.
WRITES = {*_WRITES, *(f"a{name}" for name in _WRITES), "add", "set", "remove", "clear"}
ADMIN_WRITES = {"save_model", "save_related", "save_formset", "delete_model", "delete_queryset"}
RAW_WRITE = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+\"?pledges_", re.IGNORECASE)


@dataclass(frozen=True)
class Module:
    """One source file: its path inside the project and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    @property
    def package(self) -> str:
        parts = self.path.removesuffix(".py").split("/")
        return ".".join(parts[:-1])

    def is_under(self, *places: str) -> bool:
        return any(self.path == place or self.path.startswith(place + "/") for place in places)


def modules() -> list[Module]:
    """Return every Python file of the project."""
    paths = [BASE_DIR / "manage.py"]
    for room in ROOMS:
        paths += sorted((BASE_DIR / room).rglob("*.py"))
    return [Module(path.relative_to(BASE_DIR).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def imported(module: Module) -> Iterator[tuple[int, str, str]]:
    """Yield (line, full dotted name, the name it is bound to) for every import, at any depth."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                # `import a.b` binds `a`, `import a.b as c` binds `a.b`.
                yield node.lineno, alias.name, alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            source = absolute(module, node)
            for alias in node.names:
                yield node.lineno, f"{source}.{alias.name}", alias.asname or alias.name


def absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def starts_with(name: str, *prefixes: str) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def forbidden_imports(module: Module, *prefixes: str) -> list[str]:
    """Return "path:line imports name" for every import of something under one of `prefixes`."""
    return [
        f"{module.path}:{line} imports {name}"
        for line, name, _ in imported(module)
        if starts_with(name, *prefixes)
    ]


def clock_reads(module: Module) -> list[str]:
    """Return every mention of a function that reads the clock, called or passed on."""
    bound = {as_name: name for _, name, as_name in imported(module)}
    return [
        f"{module.path}:{node.lineno} reads the clock by {full}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute | ast.Name) and (full := dotted(node, bound)) in CLOCK_CALLS
    ]


def dotted(node: ast.expr, bound: dict[str, str]) -> str:
    """Return the full name that `node` stands for, "" when it is no plain name."""
    if isinstance(node, ast.Name):
        return bound.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, bound)
        return f"{base}.{node.attr}" if base else ""
    return ""


def root_name(node: ast.expr) -> str:
    """Return the name that a chain of calls, attributes and subscripts begins with, "" if it has none."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def record_writes(module: Module) -> list[str]:
    """Return every write to a model of the record that can be seen without running the code.

    Seen are chains that begin at an imported model, at a name annotated with one, or at a name assigned
    from such a chain; raw SQL that writes to the record's tables; and the writing methods of Django's admin.
    Not seen: an object that arrives without annotation, or a name built at run time.
    """
    known = record_names(module)
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            method, start = node.func.attr, root_name(node.func.value)
            if (method in WRITES and start in known) or (method in ADMIN_WRITES and start == "super"):
                found.append(f"{module.path}:{node.lineno} calls .{method}() on {start}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and RAW_WRITE.search(node.value):
            found.append(f"{module.path}:{node.lineno} writes by raw SQL")
    return found


def record_names(module: Module) -> set[str]:
    """Return the names in `module` that stand for models of the record or for rows of them."""
    known = {as_name for _, name, as_name in imported(module) if starts_with(name, "pledges.models")}
    before = -1
    while before != len(known):
        before = len(known)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.arg) and node.annotation and mentions(node.annotation, known):
                known.add(node.arg)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                known |= {node.target.id} if mentions(node.annotation, known) else set()
            elif isinstance(node, ast.Assign) and root_name(node.value) in known:
                known |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.For | ast.comprehension) and root_name(node.iter) in known:
                known |= {node.target.id} if isinstance(node.target, ast.Name) else set()
    return known


def mentions(annotation: ast.expr, known: set[str]) -> bool:
    text = annotation.value if isinstance(annotation, ast.Constant) else None
    if isinstance(text, str):
        return bool(known & set(re.findall(r"\w+", text)))
    return any(isinstance(node, ast.Name) and node.id in known for node in ast.walk(annotation))


def too_long(module: Module, limit: int) -> list[str]:
    length = module.text.count("\n")
    return [f"{module.path} has {length} lines, {limit} are allowed"] if length > limit else []

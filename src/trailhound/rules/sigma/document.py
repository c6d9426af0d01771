"""Rule files to plain data: safe YAML, bounded, with the line of every document and key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from trailhound.model.errors import RuleError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 2 * 1024 * 1024
MAX_NODES = 60_000
MAX_DEPTH = 40

_SUSPECT = re.compile(rb"[\[{]{20}|(?:[-?:][ \t]){20}|^ {200}|[&*][\w-]", re.MULTILINE)


class _Loader(yaml.CSafeLoader):
    """YAML 1.2 booleans: a detection may be called `on` or `off`, which YAML 1.1 takes for one."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith(":bool")]
    for first, forms in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")
)


def documents(
    text: bytes, source: str, errors: list[RuleError] | None = None
) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the documents of a rule file with the line each starts at.

    Raises RuleError with file and line for anything that is not bounded, plain YAML maps. A
    document with a key twice is added to `errors`, where they are given, and left out.
    """
    if len(text) > MAX_BYTES:
        raise RuleError(f"a rule file over {MAX_BYTES // 1024} KiB", where=Where(source, 1))
    try:
        if _nests(text) or _SUSPECT.search(text):
            _check_events(text, source)
        loader = _Loader(text)
        try:
            yield from _load(loader, source, errors)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise RuleError(f"not YAML: {error.problem}", where=Where(source, line)) from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        what = str(error).partition("\n")[0]
        raise RuleError(f"not YAML: {what}", where=Where(source, 1)) from error


def _load(
    loader: yaml.CSafeLoader, source: str, errors: list[RuleError] | None
) -> Iterator[tuple[dict[str, Any], int]]:
    while loader.check_node():
        node = loader.get_node()
        line = node.start_mark.line + 1 if node else 1
        twice = _twice(node)
        data = loader.construct_document(node)
        if data is None:
            continue
        if not isinstance(data, dict):
            raise RuleError("a rule must be a map of keys", where=Where(source, line))
        if twice is None:
            yield data, line
            continue
        where = Where(source, twice.start_mark.line + 1)
        error = RuleError(f"the key {twice.value!r} is there twice in one map", where=where)
        if errors is None:
            raise error
        errors.append(error)


def _twice(root: yaml.Node | None) -> yaml.ScalarNode | None:
    """Find a key that a map has twice: YAML would silently keep the last value only."""
    pending: list[Any] = [root]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        children = node.value if isinstance(node, yaml.CollectionNode) else ()
        if not children or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys = [key for key, _ in children if isinstance(key, yaml.ScalarNode)]
            if len({(key.tag, key.value) for key in keys}) < len(keys):
                return _second(keys)
            children = [value for _, value in children]
        pending += reversed(children)
    return None


def _second(keys: list[yaml.ScalarNode]) -> yaml.ScalarNode | None:
    known: set[tuple[str, str]] = set()
    for key in keys:
        if (key.tag, key.value) in known:
            return key
        known.add((key.tag, key.value))
    return None


def _nests(text: bytes) -> bool:
    """Tell whether flow brackets could nest deeply (brackets inside strings count, harmlessly)."""
    return text.count(b"[") + text.count(b"{") > MAX_DEPTH


def _check_events(text: bytes, source: str) -> None:
    """Walk the YAML events, which needs no stack, and refuse what loading could choke on.

    An alias counts as all that it stands for, so that a few of them cannot become millions.
    """
    opened: list[_Open] = [_Open("", 0)]
    known: dict[str, tuple[int, int]] = {}  # anchor: values, depth
    values = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        size, height = 1, 0
        if isinstance(event, yaml.DocumentStartEvent):
            known = {}
        elif isinstance(event, yaml.AliasEvent):
            size, height = _of_alias(event.anchor or "", known, Where(source, line))
        elif isinstance(event, yaml.CollectionStartEvent):
            opened.append(_Open(event.anchor, values))
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = opened.pop()
            height = closed.height + 1
            known[closed.anchor or ""] = (values - closed.before + 1, height)
        elif isinstance(event, yaml.ScalarEvent) and event.anchor:
            known[event.anchor] = (1, 0)
        values += size
        opened[-1].height = max(opened[-1].height, height)
        if len(opened) - 1 + height > MAX_DEPTH:
            raise RuleError(f"nested over {MAX_DEPTH} deep", where=Where(source, line))
        if values > MAX_NODES:
            which = "its aliases make over" if isinstance(event, yaml.AliasEvent) else "over"
            raise RuleError(f"{which} {MAX_NODES} values in one file", where=Where(source, line))


@dataclass(slots=True)
class _Open:
    """A list or map that is not closed yet; `before` are the values counted before it."""

    anchor: str | None
    before: int
    height: int = 0


def _of_alias(anchor: str, known: dict[str, tuple[int, int]], where: Where) -> tuple[int, int]:
    """Give the size and depth of what an alias stands for."""
    if anchor not in known:
        raise RuleError(f"the alias *{anchor} stands for nothing before it", where=where)
    return known[anchor]


def line_of(text: bytes, key: str, start: int = 1) -> int:
    """Give the line of `key:` in the document that begins at line `start`; `start` for none.

    A key that begins its line is preferred to one inside braces.
    """
    word = key.encode()
    leading = re.compile(rb"\s*(?:- )?[\"']?" + re.escape(word) + rb"[\"']?\s*:")
    inside = re.compile(rb"[{,]\s*[\"']?" + re.escape(word) + rb"[\"']?\s*:")
    fallback = start
    for number, line in enumerate(text.split(b"\n")[start - 1 :], start):
        if line.startswith(b"---") and number > start:
            break
        if leading.match(line):
            return number
        if fallback == start and inside.search(line):
            fallback = number
    return fallback

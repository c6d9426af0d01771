"""Rule files to plain data: safe YAML, bounded, with the line of every document and key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from trailhound.model.errors import RuleError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 2 * 1024 * 1024
MAX_NODES = 60_000
MAX_DEPTH = 40

_SUSPECT = re.compile(rb"[\[{]{20}|(?:[-?:][ \t]){20}|^ {200}|[&*]\w", re.MULTILINE)


class _Loader(yaml.CSafeLoader):
    """YAML 1.2 booleans: a detection may be called `on` or `off`, which YAML 1.1 takes for one."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith(":bool")]
    for first, forms in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")
)


def documents(text: bytes, source: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the documents of a rule file with the line each starts at.

    Raises RuleError with file and line for anything that is not bounded, plain YAML maps.
    """
    if len(text) > MAX_BYTES:
        raise RuleError(f"a rule file over {MAX_BYTES // 1024} KiB", where=Where(source, 1))
    try:
        if _nests(text) or _SUSPECT.search(text):
            _check_events(text, source)
        loader = _Loader(text)
        try:
            yield from _load(loader, source)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise RuleError(f"not YAML: {error.problem}", where=Where(source, line)) from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise RuleError(f"not YAML: {error}", where=Where(source, 1)) from error


def _load(loader: yaml.CSafeLoader, source: str) -> Iterator[tuple[dict[str, Any], int]]:
    while loader.check_node():
        node = loader.get_node()
        line = node.start_mark.line + 1 if node else 1
        data = loader.construct_document(node)
        if data is None:
            continue
        if not isinstance(data, dict):
            raise RuleError("a rule must be a map of keys", where=Where(source, line))
        yield data, line


def _nests(text: bytes) -> bool:
    """Tell whether flow brackets could nest deeply (brackets inside strings count, harmlessly)."""
    return text.count(b"[") + text.count(b"{") > MAX_DEPTH


def _check_events(text: bytes, source: str) -> None:
    """Walk the YAML events, which needs no stack, and refuse what loading could choke on."""
    depth = 0
    for nodes, event in enumerate(yaml.parse(text, yaml.CSafeLoader), 1):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise RuleError("aliases are not allowed in rules", where=Where(source, line))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise RuleError(f"nested over {MAX_DEPTH} deep", where=Where(source, line))
        if nodes > MAX_NODES:
            raise RuleError(f"over {MAX_NODES} values in one file", where=Where(source, line))


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

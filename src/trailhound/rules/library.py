"""All rules of a scan: our own, the user's sets, and folders named on the command line.

Compiling 3,700 rule files takes seconds, reading them a fraction: what was compiled is kept in the
cache folder under the hash of the files' contents, so a changed rule can never be served stale.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.model.errors import RuleError, UsageError, Where
from trailhound.model.result import SkippedRule
from trailhound.rules.sigma.correlation import order
from trailhound.rules.sigma.parse import parse_file
from trailhound.rules.sigma.rule import Correlation, SigmaRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

FORMAT = 4
"""Raised when compiled rules change shape: older cache files are then not used."""

BUILTIN = Path(__file__).parent.parent / "content" / "rules" / "sigma"
LICENCE_FILES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENSE.Detection.Rules.md")
YARA_SUFFIXES = (".yar", ".yara")
ORIGIN = "origin.toml"
"""In an added set: where it came from."""
MAX_FILES = 100_000


class RuleSet(msgspec.Struct, frozen=True):
    """One folder or file of rules. `licence` is what its matches are attributed to."""

    name: str
    path: str
    licence: str = ""


class Library(msgspec.Struct):
    """Compiled rules. `total` counts documents, usable or not."""

    rules: list[SigmaRule]
    correlations: list[Correlation]
    skipped: list[SkippedRule]
    sets: list[RuleSet]
    files: int = 0

    @property
    def total(self) -> int:
        """Number of rules met, usable or not."""
        return len(self.rules) + len(self.correlations) + len(self.skipped)


def builtin_set() -> RuleSet:
    """Give our own rules."""
    return RuleSet("trailhound", str(BUILTIN), "Apache-2.0")


def load(
    sets: Sequence[RuleSet], expand: Mapping[str, Sequence[str]], cache: Path | None
) -> Library:
    """Compile all sets, or take them from the cache."""
    contents = [(one, *entry) for one in sets for entry in rule_files(one)]
    place = cache / f"{_digest(contents, expand)}.rules" if cache else None
    stored = _load(place) if place else None
    if stored is not None:
        return stored
    library = _compile(sets, contents, expand)
    if place:
        _store(place, library)
    return library


def rule_files(one: RuleSet) -> Iterator[tuple[str, bytes]]:
    """Give the Sigma files of a set with their names, sorted; links out of it are not followed."""
    root = Path(one.path)
    if root.is_file():
        if root.suffix not in YARA_SUFFIXES:
            yield root.name, root.read_bytes()
        return
    if not root.is_dir():
        raise UsageError("no such file or folder of rules", where=Where(one.path))
    for name, path in sorted(_walk(root)):
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - thousands of small files
            yield name, stream.read()


def _walk(root: Path) -> Iterator[tuple[str, str]]:
    """Give the name of each rule file and its path; plain text, since there are thousands."""
    pending = [("", str(root))]
    count = 0
    while pending:
        prefix, folder = pending.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    pending.append((f"{prefix}{entry.name}/", entry.path))
                elif _is_rule(entry.name) and entry.is_file(follow_symlinks=False):
                    count += 1
                    if count > MAX_FILES:
                        raise UsageError(f"over {MAX_FILES} rule files", where=Where(str(root)))
                    yield prefix + entry.name, entry.path


def _is_rule(name: str) -> bool:
    """Tell rules from the examples that may lie beside them."""
    return name.endswith((".yml", ".yaml")) and not name.endswith((".test.yml", ".test.yaml"))


def licence_of(folder: Path) -> str:
    """Give the first line of a set's licence file, else what its origin says, "" for neither."""
    for name in LICENCE_FILES:
        path = folder / name
        if path.is_file():
            text = path.read_text("utf-8", "replace").strip()
            return " ".join(text.partition("\n")[0].strip("# ").split())[:120]
    return (
        str(read_toml(folder / ORIGIN, "origin").get("licence", ""))
        if (folder / ORIGIN).is_file()
        else ""
    )


def _compile(
    sets: Sequence[RuleSet],
    contents: Iterable[tuple[RuleSet, str, bytes]],
    expand: Mapping[str, Sequence[str]],
) -> Library:
    rules: list[SigmaRule] = []
    correlations: list[Correlation] = []
    errors: list[RuleError] = []
    files = 0
    for one, name, text in contents:
        files += 1
        made, wrong = parse_file(text, f"{one.name}/{name}", expand, licence=one.licence)
        errors += wrong
        rules += [rule for rule in made if isinstance(rule, SigmaRule)]
        correlations += [rule for rule in made if isinstance(rule, Correlation)]
    rules, twice = _unique(rules)
    ordered, unresolved = order(rules, correlations)
    rules = _silenced(rules, ordered)
    skipped = [skipped_rule(error) for error in (*errors, *twice, *unresolved)]
    return Library(rules, ordered, skipped, list(sets), files)


def _unique(rules: Iterable[SigmaRule]) -> tuple[list[SigmaRule], list[RuleError]]:
    """Keep the first rule of an id: the same rule in two folders must not count twice."""
    kept: dict[str, SigmaRule] = {}
    twice: list[RuleError] = []
    for rule in rules:
        known = kept.setdefault(rule.info.id, rule)
        if known is not rule:
            what = f"the id {rule.info.id} is already taken by {known.info.source}"
            twice.append(RuleError(what, where=Where(rule.info.source, rule.line)))
    return list(kept.values()), twice


def _silenced(rules: list[SigmaRule], correlations: Sequence[Correlation]) -> list[SigmaRule]:
    """A rule that only serves correlations makes no findings itself, unless one says `generate`."""
    named: dict[str, bool] = {}
    for correlation in correlations:
        for reference in correlation.rules:
            named[reference] = named.get(reference, False) or correlation.generate
    return [
        msgspec.structs.replace(rule, emit=False) if _is_silent(rule, named) else rule
        for rule in rules
    ]


def _is_silent(rule: SigmaRule, named: Mapping[str, bool]) -> bool:
    references = [name for name in (rule.info.id, rule.name) if name in named]
    return bool(references) and not any(named[name] for name in references)


def skipped_rule(error: RuleError) -> SkippedRule:
    """Give an error as results list it."""
    place = error.where
    todo = f" ({error.todo})" if error.todo else ""
    return SkippedRule(
        place.source if place else "", (place.line or 1) if place else 1, error.what + todo
    )


def _digest(
    contents: Iterable[tuple[RuleSet, str, bytes]], expand: Mapping[str, Sequence[str]]
) -> str:
    digest = hashlib.blake2b(digest_size=16)
    digest.update(repr((FORMAT, sorted((k, tuple(v)) for k, v in expand.items()))).encode())
    for one, name, text in contents:
        head = f"\x00{one.name}\x00{one.licence}\x00{name}\x00{len(text)}\x00"
        digest.update(head.encode("utf-8", "surrogateescape"))
        digest.update(text)
    return digest.hexdigest()


def _load(place: Path) -> Library | None:
    """Read a cache file; one that is damaged is as good as missing."""
    try:
        data = place.read_bytes()
        if hashlib.blake2b(data[32:], digest_size=32).digest() != data[:32]:
            return None
        return msgspec.msgpack.decode(data[32:], type=Library)
    except (OSError, msgspec.MsgspecError):
        return None


def _store(place: Path, library: Library) -> None:
    data = msgspec.msgpack.encode(library)
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = place.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_bytes(hashlib.blake2b(data, digest_size=32).digest() + data)
        temporary.replace(place)
    except OSError:  # a cache that cannot be written only costs time
        return


def read_expand(path: Path) -> dict[str, list[str]]:
    """Read an expand table: TOML, placeholder = list of values."""
    raw = read_toml(path, "expand table")
    return {
        name: [str(v) for v in (value if isinstance(value, list) else [value])]
        for name, value in raw.items()
    }


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Read a TOML file; `what` is how the error calls it."""
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the {what} cannot be read: {error}", where=Where(str(path))) from error

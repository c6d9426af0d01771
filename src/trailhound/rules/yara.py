"""YARA rules over the files that a scan meets, with YARA-X: https://virustotal.github.io/yara-x/.

A file of rules that does not compile costs its broken rules only. Rules see a file's content and
its name (the external variables `filename`, `filepath`, `extension` that the community's rules
use); includes are off, and rules that need the module `console` are left out.
"""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yara_x

from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.errors import RuleError, Where
from trailhound.model.finding import (
    Detector,
    DetectorKind,
    Evidence,
    Finding,
    Nature,
    Pointer,
    Reason,
    RuleInfo,
    Severity,
    finding_id,
)
from trailhound.model.identity import record_uid, source_digest
from trailhound.model.limits import MIB
from trailhound.rules.library import YARA_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trailhound.model.limits import Budget, Limits
    from trailhound.model.source import Source

BUILTIN = Path(__file__).parent.parent / "content" / "rules" / "yara"

SOURCE_BYTES = 64 * MIB
"""All rule files together; the large community set is about 15 MiB."""

SHARES = 5
"""A file of rules that is asked alone gets this part of the time for one source."""

MATCHES_PER_STRING = 100
EXCERPT_BYTES = 96
NAMED = 5
"""Slow rule files an oddity names."""

DEFAULT_CONFIDENCE = 0.7
TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?")
TECHNIQUE_KEYS = ("attack", "mitre_attack", "mitre_att", "technique", "techniques")

Meta = dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class MatchedString:
    """One string of a rule where it first matched. `count` stops at `MATCHES_PER_STRING`."""

    identifier: str
    offset: int
    length: int
    excerpt: bytes
    count: int


@dataclass(frozen=True, slots=True)
class YaraMatch:
    """A rule that matched; `namespace` is the name of its file without the ending."""

    namespace: str
    rule: str
    tags: tuple[str, ...]
    meta: Meta
    strings: tuple[MatchedString, ...]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What rules said of one file. `late` names the rule files whose answer is not known."""

    matches: list[YaraMatch]
    late: list[str]


@dataclass(slots=True)
class YaraRules:
    """Compiled rules, how many, and the errors of those that could not be.

    All files are asked at once. Where that takes too long each is asked alone, and one that is slow
    even then is not asked with the others again.
    """

    errors: list[RuleError] = field(default_factory=list)
    count: int = 0
    _texts: dict[str, tuple[Path, str]] = field(default_factory=dict)
    _slow: set[str] = field(default_factory=set)
    _scanners: dict[frozenset[str], Any] = field(default_factory=dict)

    @property
    def files(self) -> int:
        """Number of rule files that could be read."""
        return len(self._texts)

    @classmethod
    def compile(cls, files: Sequence[Path], *, max_bytes: int = SOURCE_BYTES) -> YaraRules:
        """Compile rule files, each in a namespace of its own; never raises for a bad file."""
        rules = cls()
        names: dict[str, int] = {}
        for path in files:
            text = _read(path, max_bytes, rules.errors)
            if text is not None:
                max_bytes -= len(text)
                rules._texts[_unique(names, path.stem)] = (path, text)
        every = frozenset(rules._texts)
        compiled = rules._compiled(every, rules.errors)
        rules.count = sum(1 for _ in compiled)
        rules._scanners[every] = _scanner(compiled)
        return rules

    def scan(self, data: bytes, *, name: str = "", seconds: int = 10) -> Scanned:
        """Give the rules that match, by file and rule, within about twice `seconds`."""
        values = _variables(name)
        quick = [one for one in self._texts if one not in self._slow]
        apart = [one for one in self._texts if one in self._slow]
        matches = self._ask(frozenset(quick), data, values, seconds)
        if matches is None:
            matches, apart = [], [*quick, *apart]
        late: list[str] = []
        share = max(1, seconds // SHARES)
        end = time.monotonic() + share * SHARES
        for one in apart:
            left = time.monotonic() < end
            found = self._ask(frozenset((one,)), data, values, share) if left else None
            matches += found or []
            if found is None:
                late.append(one)
                self._slow |= {one} if left else set()
        order = {one: place for place, one in enumerate(self._texts)}
        matches.sort(key=lambda match: order[match.namespace])
        return Scanned(matches, late)

    def _ask(
        self, names: frozenset[str], data: bytes, values: dict[str, str], seconds: int
    ) -> list[YaraMatch] | None:
        """Give what some files say, None when they are late: what they had found is not known."""
        if names not in self._scanners:
            self._scanners[names] = _scanner(self._compiled(names, []))
        scanner = self._scanners[names]
        for variable, value in values.items():
            scanner.set_global(variable, value)
        scanner.set_timeout(seconds)
        try:
            found = scanner.scan(data)
        except yara_x.TimeoutError:
            return None
        return [_match(rule, data) for rule in found.matching_rules]

    def _compiled(self, names: frozenset[str], errors: list[RuleError]) -> Any:  # noqa: ANN401
        compiler = _new_compiler()
        for name, (path, text) in self._texts.items():
            if name in names:
                compiler.new_namespace(name)
                _add(compiler, path, text, errors)
        return compiler.build()


def _scanner(compiled: Any) -> Any:  # noqa: ANN401  # yara_x carries no types here
    scanner = yara_x.Scanner(compiled)
    scanner.max_matches_per_pattern(MATCHES_PER_STRING)
    return scanner


def _variables(name: str) -> dict[str, str]:
    file_name = re.split("[/!]", name)[-1]
    extension = "".join(file_name.rpartition(".")[1:]).lower()
    values = {"filename": file_name, "filepath": name, "extension": extension}
    return {variable: _encodable(value) for variable, value in values.items()}


def builtin_files() -> list[Path]:
    """Give our own rule files."""
    return sorted(BUILTIN.glob("*.yar"))


def yara_files(path: Path) -> list[Path]:
    """Give the rule files at a path: the file itself, or all below a folder."""
    if path.is_dir():
        return sorted(
            one for one in path.rglob("*") if one.suffix in YARA_SUFFIXES and one.is_file()
        )
    return [path] if path.suffix in YARA_SUFFIXES else []


def refused(files: Iterable[Path]) -> list[RuleError]:
    """Give what is wrong with rule files that are not our own, each with its place."""
    foreign = [path for path in files if BUILTIN not in path.parents]
    return YaraRules.compile(foreign).errors if foreign else []


def scan_source(source: Source, rules: YaraRules, limits: Limits, budget: Budget) -> list[Finding]:
    """Match one source against all rules. Larger ones are matched as far as `yara_file_bytes`."""
    with source.open() as stream:
        data = stream.read(limits.yara_file_bytes)
        if stream.read(1):
            detail = f"YARA rules saw the first {len(data)} bytes"
            budget.note("limit.yara_file", len(data), 0, detail)
    scanned = rules.scan(data, name=source.name, seconds=limits.yara_seconds)
    if scanned.late:
        budget.lose("limit.yara_time", -1, 0, _too_late(scanned.late))
    if not scanned.matches:
        return []
    digest = _sha256(source)
    return [_finding(match, source, digest) for match in scanned.matches]


def _too_late(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    which = ", ".join(names[:NAMED])
    return f"YARA rules took too long, the answer of these files is not known: {which}{more}"


def _new_compiler() -> Any:  # noqa: ANN401  # yara_x carries no types here
    compiler = yara_x.Compiler(relaxed_re_syntax=True, includes_enabled=False)
    compiler.ignore_invalid_rules(True)  # noqa: FBT003  # takes no keyword
    compiler.ignore_module("console")
    for variable in ("filename", "filepath", "extension", "filetype", "owner"):
        compiler.define_global(variable, "")
    return compiler


def _read(path: Path, max_bytes: int, errors: list[RuleError]) -> str | None:
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        errors.append(RuleError(f"cannot be read: {error.strerror}", where=Where(str(path))))
        return None
    if len(data) > max_bytes:
        what = "is too large: rule files together may take 64 MiB"
        errors.append(RuleError(what, where=Where(str(path))))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _unique(names: dict[str, int], stem: str) -> str:
    names[stem] = names.get(stem, 0) + 1
    return stem if names[stem] == 1 else f"{stem}~{names[stem]}"


def _add(compiler: Any, path: Path, text: str, errors: list[RuleError]) -> None:  # noqa: ANN401
    """Add one file. Its invalid rules are skipped; a syntax error also ends what follows it."""
    known, skipped = len(compiler.errors()), len(compiler.ignored_rules())
    with suppress(yara_x.CompileError):  # it is in compiler.errors(), with its place
        compiler.add_source(text, origin=path.name)
    for error in compiler.errors()[known:]:
        where = Where(str(path), error.get("line"), error.get("column"))
        errors.append(RuleError(str(error["title"]), where=where))
    errors.extend(
        RuleError(f"rule {rule.name} {rule.message}", where=Where(str(path)))
        for rule in compiler.ignored_rules()[skipped:]
        if rule.reason != yara_x.IgnoredRuleReason.CompileError
    )


def _match(rule: Any, data: bytes) -> YaraMatch:  # noqa: ANN401  # yara_x carries no types here
    strings = (_matched(pattern, data) for pattern in rule.patterns if pattern.matches)
    return YaraMatch(
        rule.namespace, rule.identifier, tuple(rule.tags), dict(rule.metadata), tuple(strings)
    )


def _matched(pattern: Any, data: bytes) -> MatchedString:  # noqa: ANN401
    first = pattern.matches[0]
    excerpt = data[first.offset : first.offset + min(first.length, EXCERPT_BYTES)]
    return MatchedString(
        pattern.identifier, first.offset, first.length, excerpt, len(pattern.matches)
    )


def _encodable(text: str) -> str:
    """YARA takes UTF-8 only; a name on disk may hold any bytes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _sha256(source: Source) -> str:
    digest = hashlib.sha256()
    with source.open() as stream:
        while data := stream.read(MIB):
            digest.update(data)
    return digest.hexdigest()


def _finding(match: YaraMatch, source: Source, digest: str) -> Finding:
    detector = f"yara.{match.namespace}.{match.rule}"
    file_hash = Entity(EntityType.HASH, digest, Role.RELATED)
    severity = _severity(match.meta)
    return Finding(
        id=finding_id(detector, (file_hash,), 0),
        time=None,
        title=_title(match),
        severity=severity,
        nature=_nature(match.meta),
        confidence=_confidence(match.meta),
        detector=Detector(DetectorKind.RULE, detector, _text(match.meta, "version")),
        entities=(Entity(EntityType.FILE, source.name, Role.TARGET), file_hash),
        evidence=_evidence(match, source),
        because=tuple(_because(match.strings)),
        techniques=_techniques(match),
        rule=_info(match, severity),
    )


def _evidence(match: YaraMatch, source: Source) -> Evidence:
    offset = match.strings[0].offset if match.strings else 0
    fields = {string.identifier: _shown(string.excerpt) for string in match.strings}
    uid = record_uid(source_digest(source.head), 0, source.head)
    return Evidence(1, None, None, (Pointer(source.name, uid, offset, None, fields),))


def _because(strings: Sequence[MatchedString]) -> Iterable[Reason]:
    if not strings:
        yield Reason("content", text="the shape of the file is the one the rule describes")
    for string in strings:
        times = "once" if string.count == 1 else f"{string.count} times"
        text = f"{string.identifier} occurs {times}, first at byte {string.offset}"
        shown = _shown(string.excerpt)
        yield Reason("content", shown, op="contains", expected=string.identifier, text=text)


def _shown(excerpt: bytes) -> str:
    """Give matched bytes as text: UTF-16 without its zeros, other bytes as escapes."""
    if len(excerpt) > 1 and not any(excerpt[1::2]):
        excerpt = excerpt[::2]
    return excerpt.decode("utf-8", "backslashreplace")


def _text(meta: Meta, *keys: str) -> str:
    return next((str(meta[key]) for key in keys if meta.get(key) not in {None, ""}), "")


def _title(match: YaraMatch) -> str:
    return _text(match.meta, "title", "description") or match.rule.replace("_", " ")


def _severity(meta: Meta) -> Severity:
    """A word in `severity`, else a `score` of 0..100 as the community writes it, else medium."""
    try:
        return Severity.parse(_text(meta, "severity", "level"))
    except ValueError:
        score = meta.get("score")
    if not isinstance(score, int | float):
        return Severity.MEDIUM
    steps = (
        (90, Severity.CRITICAL),
        (75, Severity.HIGH),
        (50, Severity.MEDIUM),
        (25, Severity.LOW),
    )
    return next((level for least, level in steps if score >= least), Severity.INFORMATIONAL)


def _confidence(meta: Meta) -> float:
    value = meta.get("confidence", meta.get("score"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return min(max(float(value) / 100, 0.0), 1.0)
    return DEFAULT_CONFIDENCE


def _nature(meta: Meta) -> Nature:
    """A file is a trace of something that happened, unless its rule says otherwise."""
    return Nature.IOA if _text(meta, "nature").lower() == Nature.IOA.value else Nature.IOC


def _techniques(match: YaraMatch) -> tuple[str, ...]:
    text = " ".join([*(str(match.meta.get(key, "")) for key in TECHNIQUE_KEYS), *match.tags])
    return tuple(dict.fromkeys(TECHNIQUE.findall(text.replace("_", "."))))


def _info(match: YaraMatch, severity: Severity) -> RuleInfo:
    reference = _text(match.meta, "reference", "references")
    falsepositives = _text(match.meta, "falsepositives")
    return RuleInfo(
        language="yara",
        id=_text(match.meta, "id") or match.rule,
        title=_title(match),
        author=_text(match.meta, "author"),
        level=severity.word,
        tags=match.tags,
        references=(reference,) if reference else (),
        falsepositives=(falsepositives,) if falsepositives else (),
        source=f"{match.namespace}.yar",
        licence=_text(match.meta, "license", "licence", "license_url"),
        description=_text(match.meta, "description"),
    )

"""Settings, and where each value came from.

Order, the later wins: defaults < /etc/trailhound/trailhound.toml
< ~/.config/trailhound/trailhound.toml < ./trailhound.toml < TRAILHOUND_SECTION__KEY < flags.
An unknown key is an error, never ignored: a misspelt limit would otherwise protect nobody.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from trailhound.model.errors import ConfigError, Where
from trailhound.model.limits import MIB, Limits
from trailhound.text import toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE_NAME = "trailhound.toml"
ENVIRONMENT_PREFIX = "TRAILHOUND_"

Count = Annotated[int, msgspec.Meta(ge=0)]
SeverityWord = Literal["informational", "low", "medium", "high", "critical"]


class Scan(msgspec.Struct, frozen=True):
    """The `[scan]` section. `jobs` is the number of processes, 0 for one a core."""

    jobs: Count = 0
    profile: Literal["default", "hunt"] = "default"
    fail_on: SeverityWord = "medium"
    rules: tuple[str, ...] = ()
    default_rules: bool = True
    workspace: str = ""


class Engine(msgspec.Struct, frozen=True):
    """The `[engine]` section: what table queries may use; `threads` 0 for one a core."""

    memory_bytes: Annotated[int, msgspec.Meta(ge=64 * MIB)] = 1024 * MIB
    threads: Count = 0


class Store(msgspec.Struct, frozen=True):
    """The `[store]` section. `lock_wait_seconds` is how long a second writer waits."""

    lock_wait_seconds: Count = 0


class Log(msgspec.Struct, frozen=True):
    """The `[log]` section; `auto` is text on a terminal and JSON elsewhere."""

    level: Literal["debug", "info", "warning", "error"] = "warning"
    format: Literal["auto", "json", "text"] = "auto"


class Settings(msgspec.Struct, frozen=True):
    """All settings, one struct a section."""

    limits: Limits = msgspec.field(default_factory=Limits)
    scan: Scan = Scan()
    engine: Engine = Engine()
    store: Store = Store()
    log: Log = Log()


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force and the origin of each, keyed `section.key`."""

    settings: Settings
    origins: Mapping[str, str]

    def origin(self, key: str) -> str:
        """Say where `section.key` was set: `file:line`, a variable, a flag, or `default`."""
        return self.origins.get(key, "default")

    def items(self) -> Iterator[tuple[str, object, str]]:
        """Give every setting as (`section.key`, value, origin), in the order of the schema."""
        for section, kind in toml.fields(Settings).items():
            part = getattr(self.settings, section)
            for key in toml.fields(kind):
                name = f"{section}.{key}"
                yield name, getattr(part, key), self.origin(name)


@dataclass(slots=True)
class _Layers:
    values: dict[str, dict[str, Any]]
    origins: dict[str, str]

    def put(self, section: str, key: str, value: object, origin: str) -> None:
        self.values.setdefault(section, {})[key] = value
        self.origins[f"{section}.{key}"] = origin


def load(
    flags: Mapping[str, tuple[object, str]] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    files: tuple[Path, ...] | None = None,
) -> Config:
    """Gather the settings; `flags` maps `section.key` to its value and the flag's spelling."""
    environment = os.environ if environment is None else environment
    layers = _Layers({}, {})
    for path in default_files(environment) if files is None else files:
        _add_file(layers, path)
    for name in sorted(environment):
        _add_variable(layers, name, environment[name])
    for name, (value, flag) in (flags or {}).items():
        section, _, key = name.partition(".")
        _check(section, key, value, Where(flag))
        layers.put(section, key, value, flag)
    config = Config(msgspec.convert(layers.values, Settings), layers.origins)
    _check_limits(config)
    return config


def _check_limits(config: Config) -> None:
    for name, value, origin in config.items():
        if name.startswith("limits.") and isinstance(value, int) and value < 1:
            raise ConfigError(f"{name} must be at least 1, not {value}", where=Where(origin))


def default_files(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Give the configuration files in order of precedence, the weakest first."""
    home = environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return (
        Path("/etc/trailhound") / FILE_NAME,
        Path(home) / "trailhound" / FILE_NAME,
        Path(FILE_NAME),
    )


def _add_file(layers: _Layers, path: Path) -> None:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ConfigError(what, where=Where(str(path))) from error
    document = toml.parse(str(path), content)
    toml.decode(document, Settings)
    for section, values in document.data.items():
        for key, value in values.items():
            layers.put(section, key, value, str(document.where(section, key)))


def _add_variable(layers: _Layers, name: str, text: str) -> None:
    if not name.startswith(ENVIRONMENT_PREFIX) or "__" not in name:
        return
    section, _, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
    value = _typed(section, key, text, Where(name))
    _check(section, key, value, Where(name))
    layers.put(section, key, value, name)


def _typed(section: str, key: str, text: str, where: Where) -> object:
    """Read the text of a variable as the schema wants it: words stay words, the rest is TOML."""
    default = getattr(getattr(Settings(), section, None), key, "")
    if isinstance(default, str):
        return text
    if isinstance(default, tuple) and not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{text!r} is not a value", where=where) from error


def _check(section: str, key: str, value: object, where: Where) -> None:
    """Check one value on its own, so that the error names the variable or flag."""
    sections = toml.fields(Settings)
    toml.known(section, sections, "section", where)
    toml.known(key, toml.fields(sections[section]), f"key of [{section}]", where)
    try:
        msgspec.convert({section: {key: value}}, Settings)
    except msgspec.ValidationError as error:
        what = str(error).partition(" - at ")[0].replace("`", "")
        raise ConfigError(f"{section}.{key}: {what}", where=where) from error

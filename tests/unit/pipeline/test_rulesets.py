from __future__ import annotations

import io
import shutil
import stat
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.loopback import serving
from trailhound.model.errors import UsageError
from trailhound.pipeline import rulesets
from trailhound.pipeline.rulesets import add, added_lines, installed, remove, update

RULE = """title: Test {n}
id: {n}
license: {licence}
logsource: {{category: process_creation, product: windows}}
detection: {{s: {{Image: {n}}}, condition: s}}
"""


def rule(n: int = 1, licence: str = "''") -> bytes:
    return RULE.format(n=n, licence=licence).encode()


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "trailhound"


@pytest.fixture
def server():
    with serving() as found:
        yield found


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def folder(root, members: dict[str, bytes]):
    for name, body in members.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return root


def names(data, name: str) -> list[str]:
    root = data / "rules" / name
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())


def nothing_left(data) -> bool:
    incoming = data / "incoming"
    return not incoming.exists() or not list(incoming.iterdir())


def test_a_folder(tmp_path, data):
    source = folder(
        tmp_path / "My Rules",
        {
            "a/one.yml": rule(1),
            "two.yaml": rule(2),
            "LICENSE": b"MIT License\n\n...",
            "x.yar": b"rule x { condition: false }",
            "README.md": b"no",
            "run.sh": b"no",
            ".github/ci.yml": b"no: 1",
        },
    )
    added = add(str(source))
    assert added.name == "my-rules"
    assert (added.rules, added.skipped, added.yara, added.replaced) == (2, 0, 1, False)
    assert added.origin.licence == "MIT License"
    assert names(data, "my-rules") == ["LICENSE", "a/one.yml", "origin.toml", "two.yaml", "x.yar"]
    assert installed() == [("my-rules", added.origin)]
    assert nothing_left(data)
    assert stat.S_IMODE((data / "rules" / "my-rules").stat().st_mode) == 0o700


def test_a_single_rule(tmp_path, data):
    (tmp_path / "one.yml").write_bytes(rule())
    assert add(str(tmp_path / "one.yml")).rules == 1
    assert names(data, "one") == ["one.yml", "origin.toml"]


def test_links_in_a_folder_are_not_followed(tmp_path, data):
    source = folder(tmp_path / "set", {"one.yml": rule(1)})
    outside = folder(tmp_path / "outside", {"two.yml": rule(2)})
    (source / "link.yml").symlink_to(outside / "two.yml")
    (source / "folder").symlink_to(outside)
    assert add(str(source)).rules == 1
    assert names(data, "set") == ["one.yml", "origin.toml"]


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "tar.xz"])
def test_archives(tmp_path, data, kind):
    path = tmp_path / f"set.{kind}"
    if kind == "zip":
        path.write_bytes(zipped({"rules/one.yml": rule(), "LICENSE": b"DRL 1.1"}))
    else:
        source = folder(tmp_path / "x", {"rules/one.yml": rule(), "LICENSE": b"DRL 1.1"})
        with tarfile.open(path, f"w:{kind[4:]}") as archive:  # type: ignore[call-overload]
            archive.add(source / "rules", "rules")
            archive.add(source / "LICENSE", "LICENSE")
    added = add(str(path))
    assert (added.name, added.rules, added.origin.licence) == ("set", 1, "DRL 1.1")
    assert len(added.origin.sha256) == 64
    assert names(data, "set") == ["LICENSE", "origin.toml", "rules/one.yml"]


def test_the_single_folder_of_a_repository_is_lifted(tmp_path, data):
    path = tmp_path / "set.zip"
    path.write_bytes(zipped({"repo-1.2/one.yml": rule(), "repo-1.2/LICENSE": b"MIT"}))
    assert add(str(path)).origin.licence == "MIT"
    assert names(data, "set") == ["LICENSE", "one.yml", "origin.toml"]


def test_a_url(server, data):
    url = server.says("/feeds/Community%20Rules.zip", zipped({"one.yml": rule()}))
    added = add(url, loopback=True)
    assert added.name == "community-rules"
    assert added.origin.source == url
    text = "\n".join(added_lines(added))
    assert "added: community-rules, 1 rules" in text
    assert "licence: none given" in text
    assert f"sha256: {added.origin.sha256}" in text


def test_a_known_set_has_its_licence(server, data, monkeypatch):
    url = server.says("/all.zip", zipped({"rules/one.yml": rule()}))
    known = rulesets.Known(url, "Detection Rule License (DRL) 1.1")
    monkeypatch.setitem(rulesets.KNOWN, "sigmahq", known)
    added = add("sigmahq", loopback=True)
    assert (added.name, added.origin.licence) == ("sigmahq", known.licence)
    server.says("/all.zip", zipped({"rules/one.yml": rule(), "rules/two.yml": rule(2)}))
    again = list(update([], loopback=True))
    assert [(one.name, one.rules, one.replaced) for one in again] == [("sigmahq", 2, True)]
    assert again[0].origin.licence == known.licence


def test_update_of_a_known_set_adds_it(server, data, monkeypatch):
    url = server.says("/all.zip", zipped({"one.yml": rule()}))
    monkeypatch.setitem(rulesets.KNOWN, "sigmahq", rulesets.Known(url, "DRL"))
    assert [one.replaced for one in update(["sigmahq"], loopback=True)] == [False]


def test_the_known_sets_are_https():
    assert all(known.url.startswith("https://") for known in rulesets.KNOWN.values())


def test_update_keeps_the_old_set_when_the_new_is_bad(server, data):
    url = server.says("/set.zip", zipped({"one.yml": rule()}))
    add(url, loopback=True)
    before = names(data, "set")
    for bad in (b"", b"<html>moved</html>", zipped({"one.yml": b"title: x"}), b"PK\x03\x04broken"):
        server.says("/set.zip", bad)
        with pytest.raises(UsageError):
            list(update(["set"], loopback=True))
        assert names(data, "set") == before
        assert nothing_left(data)


def test_update_of_what_is_not_there():
    with pytest.raises(UsageError, match="no rule set is called 'x'"):
        list(update(["x"]))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\x7fELF\x00\x00", "no rules"),
        (b"", "no bytes|no rules"),
        (zipped({"README.md": b"x"}), "no rules"),
        (zipped({"a.yml": b"title: x"}), "no usable rule"),
        (zipped({"a.yml": rule()})[:-40], "cannot be used|no rules"),
        (zipped({"a.yml": b"a" * 20_000_000, "b.yml": rule()}), "cannot be used|too large"),
    ],
    ids=["html", "binary", "empty", "no-rules", "no-usable", "truncated", "large-member"],
)
def test_what_is_refused(server, data, body, what):
    with pytest.raises(UsageError, match=what):
        add(server.says("/set.zip", body), loopback=True)
    assert installed() == []
    assert nothing_left(data)


def test_a_bomb_is_refused(tmp_path, data, monkeypatch):
    less = replace(rulesets.LIMITS, archive_total_bytes=9_000_000)
    monkeypatch.setattr(rulesets, "LIMITS", less)
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({f"{n}.yml": b"# " + b" " * 7_000_000 for n in range(3)}))
    with pytest.raises(UsageError, match=r"cannot be used|too large"):
        add(str(path))
    assert installed() == []
    assert nothing_left(data)


def test_too_many_files(tmp_path, data, monkeypatch):
    monkeypatch.setattr(rulesets, "LIMITS", replace(rulesets.LIMITS, archive_members=5))
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({f"{n}.yml": rule(n) for n in range(9)}))
    with pytest.raises(UsageError, match="5"):
        add(str(path))
    source = folder(tmp_path / "many", {f"{n}.yml": rule(n) for n in range(9)})
    with pytest.raises(UsageError, match="over 5 files"):
        add(str(source))


@pytest.mark.parametrize(
    "name",
    [
        "../out.yml",
        "/abs.yml",
        "a/../../out.yml",
        "C:/x.yml",
        "..\\out.yml",
        "a//b.yml",
        "n" * 300 + ".yml",
    ],
)
def test_names_that_lead_elsewhere_are_left_out(tmp_path, data, name):
    path = tmp_path / "set.zip"
    path.write_bytes(zipped({"good.yml": rule(1), name: rule(2)}))
    added = add(str(path))
    assert (added.rules, added.left_out) == (1, 1)
    assert names(data, "set") == ["good.yml", "origin.toml"]
    assert not list(tmp_path.rglob("out.yml"))
    assert "left out: 1" in "\n".join(added_lines(added))


def test_links_in_an_archive_are_not_made(tmp_path, data):
    path = tmp_path / "set.tar"
    with tarfile.open(path, "w") as archive:
        for name, kind in (("a.yml", tarfile.SYMTYPE), ("b.yml", tarfile.LNKTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
        entry = tarfile.TarInfo("good.yml")
        entry.size = len(rule())
        archive.addfile(entry, io.BytesIO(rule()))
    assert add(str(path)).rules == 1
    assert names(data, "set") == ["good.yml", "origin.toml"]


def test_larger_than_the_cap(tmp_path, data, monkeypatch):
    monkeypatch.setattr(rulesets, "PACKED_BYTES", 1000)
    path = tmp_path / "set.zip"
    path.write_bytes(b"PK" + b"x" * 1001)
    with pytest.raises(UsageError, match="larger"):
        add(str(path))


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "..", "A B", "-x", "x" * 70])
def test_bad_names(tmp_path, data, name):
    source = folder(tmp_path / "???", {"one.yml": rule()})
    with pytest.raises(UsageError, match="cannot be the name"):
        add(str(source), name or "/")


def test_what_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        add(str(tmp_path / "nothing"))


def test_remove(tmp_path, data):
    add(str(folder(tmp_path / "set", {"one.yml": rule()})))
    assert remove("set") == data / "rules" / "set"
    assert installed() == []
    for name in ("set", "..", "../rules", "/"):
        with pytest.raises(UsageError, match="no rule set"):
            remove(name)


def test_a_failed_swap_puts_the_old_set_back(tmp_path, data, monkeypatch):
    source = folder(tmp_path / "set", {"one.yml": rule()})
    add(str(source))
    real = Path.rename

    def fail(self, target):
        if self.name == "content":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="No space"):
        add(str(source))
    assert names(data, "set") == ["one.yml", "origin.toml"]


def test_an_origin_reads_back(tmp_path, data):
    source = folder(tmp_path / 'a"b\\c\x7f\n', {"one.yml": rule()})
    added = add(str(source), "odd")
    assert installed() == [("odd", added.origin)]
    assert added.origin.source == str(source.resolve())


def test_a_copy_is_a_copy(tmp_path, data):
    source = folder(tmp_path / "set", {"one.yml": rule()})
    add(str(source))
    shutil.rmtree(source)
    assert names(data, "set") == ["one.yml", "origin.toml"]

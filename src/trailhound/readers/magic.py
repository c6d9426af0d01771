"""What kind of file some bytes begin: a small table of first bytes.

Types are what libmagic and Zeek call them. Extensions are those that fit the type; none means that
any name does.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of file: media type, the extensions it goes by, and whether it packs other files."""

    mime: str
    extensions: frozenset[str] = frozenset()
    archive: bool = False


def _kind(mime: str, extensions: str = "", *, archive: bool = False) -> Kind:
    return Kind(mime, frozenset(extensions.split()), archive)


_ZIP = "zip jar war ear apk ipa docx docm dotx dotm xlsx xlsm xltx xlsb pptx pptm ppsx potx odt ods"
_ZIP_ALSO = "odp epub xpi crx nupkg whl vsix appx msix aar kmz cbz thmx vsdx oxt sketch mcpack xap"
_PROGRAM = "exe dll sys scr ocx cpl drv com efi mui ax acm tsp node pyd xll rll winmd msstyles"
_OLE = "doc dot xls xlt xla ppt pps msi msp msg mst vsd pub mpp db suo wps one hwp"

MAGICS: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"MZ", _kind("application/x-dosexec", f"{_PROGRAM} tlb lex fon iec bin")),
    (0, b"\x7fELF", _kind("application/x-executable", "so elf bin o ko axf out run prx")),
    (0, b"\xfe\xed\xfa\xce", _kind("application/x-mach-o-executable", "dylib bundle o")),
    (0, b"\xfe\xed\xfa\xcf", _kind("application/x-mach-o-executable", "dylib bundle o")),
    (0, b"\xce\xfa\xed\xfe", _kind("application/x-mach-o-executable", "dylib bundle o")),
    (0, b"\xcf\xfa\xed\xfe", _kind("application/x-mach-o-executable", "dylib bundle o")),
    (0, b"PK\x03\x04", _kind("application/zip", f"{_ZIP} {_ZIP_ALSO}", archive=True)),
    (0, b"PK\x05\x06", _kind("application/zip", f"{_ZIP} {_ZIP_ALSO}", archive=True)),
    (0, b"7z\xbc\xaf\x27\x1c", _kind("application/x-7z-compressed", "7z cb7 001", archive=True)),
    (0, b"Rar!\x1a\x07", _kind("application/x-rar", "rar cbr r00 001", archive=True)),
    (
        0,
        b"MSCF\x00\x00\x00\x00",
        _kind("application/vnd.ms-cab-compressed", "cab msu wsp ex_ dl_", archive=True),
    ),
    (
        0,
        b"\x1f\x8b\x08",
        _kind("application/gzip", "gz tgz svgz gzip emz wmz dump crl rds mgz", archive=True),
    ),
    (0, b"BZh", _kind("application/x-bzip2", "bz2 tbz tbz2 bz", archive=True)),
    (0, b"\xfd7zXZ\x00", _kind("application/x-xz", "xz txz", archive=True)),
    (0, b"\x28\xb5\x2f\xfd", _kind("application/zstd", "zst zstd tzst", archive=True)),
    (257, b"ustar", _kind("application/x-tar", "tar gem ova", archive=True)),
    (0, b"%PDF-", _kind("application/pdf", "pdf ai fdf")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _kind("application/x-ole-storage", _OLE)),
    (0, b"{\\rtf", _kind("text/rtf", "rtf doc wri")),
    (0, b"\x89PNG\r\n\x1a\n", _kind("image/png", "png apng ico")),
    (0, b"\xff\xd8\xff", _kind("image/jpeg", "jpg jpeg jpe jfif thm")),
    (0, b"GIF87a", _kind("image/gif", "gif")),
    (0, b"GIF89a", _kind("image/gif", "gif")),
    (0, b"II*\x00", _kind("image/tiff", "tif tiff dng nef cr2 arw")),
    (0, b"MM\x00*", _kind("image/tiff", "tif tiff dng nef")),
    (8, b"WEBP", _kind("image/webp", "webp")),
    (0, b"ID3", _kind("audio/mpeg", "mp3")),
    (4, b"ftyp", _kind("video/mp4", "mp4 m4a m4v mov 3gp heic heif avif f4v m4b qt")),
    (0, b"\x1aE\xdf\xa3", _kind("video/x-matroska", "mkv webm mka")),
    (0, b"OggS", _kind("audio/ogg", "ogg oga ogv opus")),
    (0, b"SQLite format 3\x00", _kind("application/x-sqlite3")),
    (0, b"regf", _kind("application/x-ms-registry")),
    (0, b"ElfFile\x00", _kind("application/x-ms-evtx", "evtx")),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", _kind("application/x-ms-shortcut", "lnk")),
    (4, b"SCCA", _kind("application/x-ms-prefetch", "pf")),
    (0, b"\xca\xfe\xba\xbe", _kind("application/java-vm", "class dylib")),
    (0, b"\x00asm", _kind("application/wasm", "wasm")),
    (0, b"dex\n", _kind("application/x-dex", "dex")),
    (32_769, b"CD001", _kind("application/x-iso9660-image", "iso img", archive=True)),
    (0, b"\xd4\xc3\xb2\xa1", _kind("application/vnd.tcpdump.pcap", "pcap cap dmp")),
    (0, b"\x0a\x0d\x0d\x0a", _kind("application/x-pcapng", "pcapng ntar")),
    (0, b"#!", _kind("text/x-script")),
    (0, b"-----BEGIN ", _kind("application/x-pem-file")),
    (0, b"<?xml", _kind("text/xml")),
)
"""Where, which bytes, what kind."""


_BY_PLACE: dict[tuple[int, int], dict[bytes, Kind]] = {}
for _at, _magic, _found in MAGICS:
    _BY_PLACE.setdefault((_at, _at + len(_magic)), {})[_magic] = _found


def kind_of(head: bytes) -> Kind | None:
    """Give the kind of a file by its first bytes, None for one the table does not have."""
    for (start, stop), kinds in _BY_PLACE.items():
        kind = kinds.get(head[start:stop])
        if kind is not None:
            return kind
    return None


def mime_of(head: bytes) -> str:
    """Give the media type of a file by its first bytes, "" when nothing tells."""
    kind = kind_of(head)
    if kind is not None:
        return _script(head) if kind.mime == "text/x-script" else kind.mime
    start = head[:256].lstrip().lower()
    return "text/html" if start.startswith((b"<!doctype html", b"<html")) else ""


def _script(head: bytes) -> str:
    line = head[:128].partition(b"\n")[0]
    for word, mime in ((b"python", "text/x-python"), (b"perl", "text/x-perl"),
                       (b"php", "text/x-php"), (b"sh", "text/x-shellscript")):  # fmt: skip
        if word in line:
            return mime
    return "text/x-script"

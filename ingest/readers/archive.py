"""Opens a workbook's zip by its directory, refuses traps unopened, and inflates no byte more than was declared."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import ForbiddenFile, UnreadableFile

MAX_MEMBERS = 2_000
_MAX_RATIO = 100
_FREE_BYTES = 16 << 20  # below this no ratio is asked for: a small sheet of equal rows packs very well
_MAX_UNPACKED = 1_500_000_000
_CHUNK = 4 << 20
_LOCAL = struct.Struct("<4s5H3I2H")
_NESTED = (".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".docx", ".pptx", ".jar", ".7z", ".rar", ".gz")
_CODE = ("vbaproject.bin", ".exe", ".dll", ".vbs", ".js")


@dataclass(frozen=True)
class Member:
    """One part of the archive: where its packed bytes stand, and what it declares to unpack to."""

    name: str
    start: int
    packed: int
    size: int
    deflated: bool


@dataclass(frozen=True)
class Archive:
    """A zip that passed inspection; parts are inflated in pieces."""

    file: str
    content: bytes
    members: dict[str, Member]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part's bytes in pieces. Raises ForbiddenFile where it unpacks to more than it declares."""
        member = self.members[name]
        packed = self.content[member.start : member.start + member.packed]
        if not member.deflated:
            yield packed
            return
        engine, left = zlib.decompressobj(-15), member.size
        try:
            piece = engine.decompress(packed, _CHUNK)
            while piece:
                left -= len(piece)
                if left < 0:
                    raise bomb(self.file, f"a part that unpacks to more than the {member.size:,} bytes it declares")
                yield piece
                piece = engine.decompress(engine.unconsumed_tail, _CHUNK)
        except zlib.error as error:
            raise damaged(self.file) from error
        if left:
            raise damaged(self.file)

    def read(self, name: str, limit: int = 16 << 20) -> bytes:
        """The whole part. Raises ForbiddenFile over the limit."""
        if self.members[name].size > limit:
            raise bomb(self.file, f"a part {name[-60:]} of {self.members[name].size:,} bytes")
        return b"".join(self.chunks(name))


def bomb(file: str, found: str) -> ForbiddenFile:
    """The refusal of a file that would unpack to far more than it is."""
    return ForbiddenFile(
        file,
        found,
        f"at most {MAX_MEMBERS:,} parts that unpack to at most {_MAX_RATIO} times the file's size",
        "Split the workbook, or send CSV.",
        code="zip_bomb",
    )


def damaged(file: str) -> UnreadableFile:
    """The refusal of a zip that cannot be unpacked."""
    return UnreadableFile(file, "a damaged zip", "xlsx", "The file was cut short or changed: send it again.")


def opened(content: bytes, file: str) -> Archive:
    """The archive. Raises ForbiddenFile or UnreadableFile before anything is unpacked."""
    # Counted before the directory is read: reading a hundred thousand entries takes long enough to be an attack.
    if content.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise bomb(file, f"more than {MAX_MEMBERS:,} parts")
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError, EOFError) as error:
        raise damaged(file) from error
    refuse_sizes(entries, len(content), file)
    refuse_names(entries, file)
    members = {e.filename: _member(e, content, file) for e in entries if not e.is_dir()}
    refuse_overlap(members, file)
    refuse_nested(members, content, file)
    return Archive(file, content, members)


def refuse_sizes(entries: list[zipfile.ZipInfo], size: int, file: str) -> None:
    """Raises ForbiddenFile by the declared sizes alone."""
    unpacked = sum(e.file_size for e in entries)
    if len(entries) > MAX_MEMBERS or unpacked > _MAX_UNPACKED or unpacked > max(_MAX_RATIO * size, _FREE_BYTES):
        raise bomb(file, f"{len(entries):,} parts that unpack to {unpacked:,} bytes")


def refuse_names(entries: list[zipfile.ZipInfo], file: str) -> None:
    """Raises ForbiddenFile for paths that lead out, links, repeated names, encryption and programs."""
    names = [e.filename.replace("\\", "/") for e in entries]
    wrong = None
    if any(n.startswith("/") or ".." in n.split("/") or ":" in n for n in names):
        wrong = "a part whose name leads out of the archive", "zip_path"
    elif any(stat.S_ISLNK(e.external_attr >> 16) for e in entries):
        wrong = "a link to another file", "zip_path"
    elif len({n.lower() for n in names}) != len(names):
        wrong = "two parts of one name", "zip_bomb"
    elif any(e.flag_bits & 1 for e in entries):
        wrong = "encrypted parts", "encrypted"
    elif any(n.lower().endswith(_CODE) for n in names):
        wrong = "macros", "macros"
    if wrong:
        raise ForbiddenFile(
            file, wrong[0], "a plain workbook without macros", "Save it as .xlsx without macros.", code=wrong[1]
        )


def _member(entry: zipfile.ZipInfo, content: bytes, file: str) -> Member:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged(file)
    try:
        head = _LOCAL.unpack_from(content, entry.header_offset)
    except struct.error as error:
        raise damaged(file) from error
    start = entry.header_offset + _LOCAL.size + head[9] + head[10]
    deflated = entry.compress_type == zipfile.ZIP_DEFLATED
    if head[0] != b"PK\x03\x04" or start + entry.compress_size > len(content):
        raise damaged(file)
    if not deflated and entry.compress_size != entry.file_size:
        raise damaged(file)
    return Member(entry.filename, start, entry.compress_size, entry.file_size, deflated)


def refuse_overlap(members: dict[str, Member], file: str) -> None:
    """Raises ForbiddenFile where two parts share bytes: so a few bytes unpack many times over."""
    end = 0
    for member in sorted(members.values(), key=lambda m: m.start):
        if member.start < end:
            raise bomb(file, "parts that overlap")
        end = member.start + member.packed


def refuse_nested(members: dict[str, Member], content: bytes, file: str) -> None:
    """Raises ForbiddenFile for archives within the archive (embedded workbooks among them)."""
    for member in members.values():
        head = content[member.start : member.start + min(member.packed, 64)]
        try:
            first = zlib.decompressobj(-15).decompress(head, 4) if member.deflated else head[:4]
        except zlib.error as error:
            raise damaged(file) from error
        if first == b"PK\x03\x04" or member.name.lower().endswith(_NESTED):
            raise ForbiddenFile(
                file,
                "an archive within the workbook",
                "a workbook without embedded files",
                "Remove embedded objects and send it again.",
                code="nested_archive",
            )

"""The body of an answer as it streams in: counted on the wire and unpacked, so that neither grows past its cap."""

from __future__ import annotations

import re
import zlib

from ingest.transport.errors import PollFailed, PollRefused

_GZIP = 16 + zlib.MAX_WBITS
_STEP = 1 << 16
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


class Body:
    """Collects one body. `whole` gives it unpacked; before that anything too large has been refused."""

    def __init__(self, feed: str, max_bytes: int, encoding: str, declared: str) -> None:
        self._feed, self._max = feed, max_bytes
        self._wire = 0
        self._out = bytearray()
        self._unpack: zlib._Decompress | None = None
        if declared.isdigit() and int(declared) > max_bytes:
            raise self._too_large(f"{int(declared):,} bytes announced")
        if encoding.strip().lower() in {"gzip", "x-gzip"}:
            self._unpack = zlib.decompressobj(_GZIP)
        elif encoding.strip().lower() not in {"", "identity"}:
            raise self._refused("other_encoding", "a packing that was not asked for", "gzip or none")

    def add(self, chunk: bytes) -> None:
        """Takes the next bytes from the wire. Raises PollRefused as soon as there are too many."""
        self._wire += len(chunk)
        self.check_size(self._wire)
        if self._unpack is None:
            self._out += chunk
        else:
            self._add_packed(chunk)

    def _add_packed(self, chunk: bytes) -> None:
        assert self._unpack is not None
        try:
            while chunk:
                self._out += self._unpack.decompress(chunk, _STEP)
                self.check_size(len(self._out))
                chunk = self._unpack.unconsumed_tail
                if self._unpack.eof and self._unpack.unused_data:  # a member after the first
                    chunk, self._unpack = self._unpack.unused_data, zlib.decompressobj(_GZIP)
        except zlib.error as error:
            raise self._refused("damaged_packing", "gzip that cannot be unpacked", "sound gzip") from error

    def check_size(self, size: int) -> None:
        """Raises PollRefused above the contract's maxBytes."""
        if size > self._max:
            raise self._too_large(f"more than {self._max:,} bytes")

    def whole(self) -> bytes:
        """The body. Raises PollFailed if its packing broke off."""
        if self._unpack is not None:
            self._out += self._unpack.flush()
            self.check_size(len(self._out))
        if self._unpack is not None and not self._unpack.eof:
            remedy = "Nothing to do at once: the next poll tries again."
            raise PollFailed(self._feed, "gzip that broke off", "a whole answer", remedy, code="cut_short")
        return bytes(self._out)

    def _too_large(self, found: str) -> PollRefused:
        return self._refused("too_large", found, f"at most {self._max:,} bytes")

    def _refused(self, code: str, found: str, expected: str) -> PollRefused:
        return PollRefused(self._feed, found, expected, "Ask the source what it sends.", code=code)


def unexpected_kind(content_type: str, content: bytes, media_types: tuple[str, ...]) -> str | None:
    """`web_page` or `other_media_type` if the answer is not what was promised, whatever its status said; else None.

    A page of an error or of a login comes with status 200 and often with no honest media type: the bytes are looked at.
    """
    declared = content_type.partition(";")[0].strip().lower()
    if is_web_page(declared, content):
        return "web_page"
    suffix_of = {"application/json": "+json", "application/xml": "+xml"}
    suffixes = tuple(suffix_of[m] for m in media_types if m in suffix_of)
    if declared and declared not in media_types and not declared.endswith(suffixes or ("\0",)):
        return "other_media_type"
    return None


def is_web_page(declared: str, content: bytes) -> bool:
    """Whether an answer is a page for people: by its media type or by how it begins."""
    return declared in {"text/html", "application/xhtml+xml"} or _HTML.match(content[:4096]) is not None

"""Untrusted XML → a tree, with no document type, no entities, no great depth and no great length."""

from __future__ import annotations

import io
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ingest.errors import ForbiddenFile, UnreadableFile

DEEPEST = 64
LARGEST = 32 << 20


def tree(content: bytes, file: str, expected: str) -> Element:
    """The root element. Raises ForbiddenFile for a document type or entities, UnreadableFile for anything else.

    The depth is watched while the text is read: a million open elements never become a tree.
    """
    if not content.strip():
        raise UnreadableFile(file, "0 bytes", expected, "Send it again.", code="empty_file")
    if len(content) > LARGEST:
        raise UnreadableFile(
            file, f"{len(content):,} bytes of XML", expected, "Send the list in parts.", code="too_large"
        )
    root, depth = None, 0
    try:
        for event, node in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            root = node if root is None else root
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise UnreadableFile(
                    file, f"more than {DEEPEST} levels of elements", expected, "Send it again.", code="too_deep"
                )
    except DefusedXmlException as error:
        raise ForbiddenFile(
            file, "a document type or entities", "plain XML", "Send it without a DOCTYPE.", code="xml_entities"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(
            file, f"no well-formed XML ({type(error).__name__})", expected, "Fetch it again: it may be cut short."
        ) from error
    assert root is not None  # well-formed XML has a root
    return root

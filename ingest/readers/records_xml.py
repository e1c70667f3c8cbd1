"""Reads RSS and other XML lists: the XML becomes a tree of objects, and the contract's layouts do the rest."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from ingest.errors import UnreadableFile
from ingest.readers import Parsed, Spec
from ingest.readers.layouts import applied
from ingest.readers.xml_trees import tree


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """The document's records as rows. Raises ForbiddenFile for entity tricks, UnreadableFile for no list."""
    prefixes = {uri: prefix for prefix, uri in spec.get("namespaces", {}).items()}
    root = tree(content, file, "an XML list")
    if _local(root.tag, prefixes).lower() == "html":
        raise UnreadableFile(file, "a web page", "an XML list", "Fetch the list itself.", code="web_page")
    return applied({_local(root.tag, prefixes): _as_objects(root, prefixes)}, "xml", file, spec)


def _local(tag: str, prefixes: dict[str, str]) -> str:
    """`prefix:name` for a namespace that the contract names; the bare name for any other, or for none."""
    if not tag.startswith("{"):
        return tag
    uri, _, name = tag[1:].partition("}")
    return f"{prefixes[uri]}:{name}" if uri in prefixes else name


def _as_objects(node: Element, prefixes: dict[str, str]) -> Any:
    """An element without children or attributes is its text; a name that repeats becomes a list."""
    text = (node.text or "").strip()
    if not len(node) and not node.attrib:
        return text
    members: dict[str, Any] = {f"@{_local(key, prefixes)}": value for key, value in node.attrib.items()}
    if text:
        members["#"] = text
    for child in node:
        name, value = _local(child.tag, prefixes), _as_objects(child, prefixes)
        if name not in members:
            members[name] = value
        elif isinstance(members[name], list):
            members[name].append(value)
        else:
            members[name] = [members[name], value]
    return members

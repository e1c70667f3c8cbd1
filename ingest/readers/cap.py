"""Reads one CAP message (1.0 to 1.2): a row per region code. Says whether it is valid CAP 1.2; repairs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import xmlschema

from ingest.errors import UnreadableFile
from ingest.readers import Parsed, Spec, text_table
from ingest.readers.xml_trees import tree

_NAMESPACES = re.compile(r"\{(?:http://www\.incident\.com/cap/1\.0|urn:oasis:names:tc:emergency:cap:1\.[0-2])\}alert")
_SCHEMA = Path(__file__).parent / "schemas" / "cap12.xsd"
_REGION_NAMES = ("CPEAS Geographic Code", "cpeas geographic code", "GB/T 2260", "行政区划代码")
_COLOURS = {"红": "红色", "橙": "橙色", "黄": "黄色", "蓝": "蓝色"}
_COLOUR_IN_TEXT = re.compile(r"(红|橙|黄|蓝)色")
_COLOUR_OF_SEVERITY = {"Extreme": "红色", "Severe": "橙色", "Moderate": "黄色", "Minor": "蓝色"}
_ENGLISH = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}
_LEVEL = re.compile(r"[\[【]\s*(?:Level\s*)?([ⅠⅡⅢⅣIV]{1,3})\s*级?\s*[/／]?")
_ROMAN = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ"}


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """The message's rows. Raises ForbiddenFile for entity tricks, UnreadableFile for what is no CAP message."""
    alert = tree(content, file, "a CAP 1.2 message")
    if not _NAMESPACES.fullmatch(alert.tag):
        raise UnreadableFile(
            file,
            f"the root element {alert.tag[-80:]}",
            "alert, in a CAP namespace",
            "Feeds and EDXL envelopes are not messages: send each CAP message that they point to or hold.",
            code="not_a_cap_message",
        )
    namespace = alert.tag.removesuffix("alert")
    return _rows(alert, namespace, file, spec)


@cache
def _schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(_SCHEMA, allow="local")


def _rows(alert: Element, ns: str, file: str, spec: Spec) -> Parsed:
    def text(node: Element | None, name: str) -> str | None:
        found = node.findtext(f"{ns}{name}") if node is not None else None
        return found.strip() if found and found.strip() else None

    infos = alert.findall(f"{ns}info")
    info = next((i for i in infos if (text(i, "language") or "").lower().startswith("zh")), infos[0] if infos else None)
    headline = text(info, "headline")
    parameters = _named(info, "parameter", ns)
    colour, basis = _colour(parameters, headline, text(info, "severity"))
    level = _LEVEL.search(headline or "")
    valid = _schema().is_valid(alert)
    message = {
        "identifier": text(alert, "identifier"),
        "sender": text(alert, "sender"),
        "sent": text(alert, "sent"),
        "status": text(alert, "status"),
        "msgType": text(alert, "msgType"),
        "references": text(alert, "references"),
        "event": text(info, "event"),
        "severity": text(info, "severity"),
        "colour": colour,
        "level": (_ROMAN.get(level[1], level[1]) if level else None),
        "onset": text(info, "onset") or text(info, "effective"),
        "expires": text(info, "expires"),
        "headline": headline,
        "schemaValid": "是" if valid else "否",
    }
    pairs = list(_areas(info, ns)) or [(None, None)]
    table = spec["tables"][0]
    columns: dict[str, list[str | None]] = {}
    for column in table["columns"]:
        header = column["headers"][0]
        if header == "geocode":
            columns[column["name"]] = [code for code, _ in pairs]
        elif header == "areaDesc":
            columns[column["name"]] = [area for _, area in pairs]
        else:
            columns[column["name"]] = [message.get(header)] * len(pairs)
    facts: dict[str, Any] = {"cap_namespace": ns.strip("{}"), "info_count": len(infos), "is_schema_valid": valid}
    if basis == "severity":
        facts["cautions"] = ["colour_from_severity"]
    return Parsed(table["name"], text_table(columns, list(range(1, len(pairs) + 1))), facts=facts)


def _named(node: Element | None, tag: str, ns: str) -> list[tuple[str, str]]:
    """The valueName/value pairs of the node's children; CAP 1.0 wrote them as `name=value`."""
    found = []
    for child in node.findall(f"{ns}{tag}") if node is not None else []:
        name, value = child.findtext(f"{ns}valueName"), child.findtext(f"{ns}value")
        if name is None and child.text and "=" in child.text:
            name, _, value = child.text.partition("=")
        if name and value:
            found.append((name.strip(), value.strip()))
    return found


def _areas(info: Element | None, ns: str) -> Iterator[tuple[str | None, str | None]]:
    """(region code, area's name). A code of another scheme keeps the scheme's name, and so is no region here."""
    for area in info.findall(f"{ns}area") if info is not None else []:
        name = (area.findtext(f"{ns}areaDesc") or "").strip() or None
        codes = _named(area, "geocode", ns)
        own = [value for scheme, value in codes if scheme in _REGION_NAMES]
        if own:
            yield from ((code, name) for code in own)
        elif codes:
            yield f"{codes[0][0]}:{codes[0][1]}", name
        else:
            yield None, name


def _colour(parameters: list[tuple[str, str]], headline: str | None, severity: str | None) -> tuple[str | None, str]:
    for name, value in parameters:
        if re.search("colou?r|颜色", name, re.IGNORECASE):
            word = _ENGLISH.get(value.lower()) or _COLOURS.get(value[:1])
            if word:
                return word, "parameter"
    found = _COLOUR_IN_TEXT.search(headline or "")
    if found:
        return _COLOURS[found[1]], "headline"
    english = re.search(r"\b(red|orange|yellow|blue)\b", headline or "", re.IGNORECASE)
    if english:
        return _ENGLISH[english[1].lower()], "headline"
    return _COLOUR_OF_SEVERITY.get(severity or ""), "severity" if severity in _COLOUR_OF_SEVERITY else "none"

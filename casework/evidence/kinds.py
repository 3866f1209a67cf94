"""What kind a file is, told by its bytes: its name and what a browser says of it are not asked."""

from enum import StrEnum

import puremagic

HEAD_BYTES = 64 * 1024
"""How much of a file's beginning is looked at."""


class Family(StrEnum):
    """What is done with a file, and how it is called."""

    AUDIO = "audio"
    EMAIL = "email"
    IMAGE = "image"
    OFFICE = "office"
    PDF = "pdf"
    TEXT = "text"
    VIDEO = "video"


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

# By the endings that puremagic names; every media type that is taken stands here once.
_KINDS = {
    ".3ga": "audio/3gpp",
    ".3gp": "video/3gpp",
    ".aac": "audio/aac",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".amr": "audio/amr",
    ".avi": "video/x-msvideo",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".doc": "application/msword",
    ".eml": "message/rfc822",
    ".f4a": "audio/mp4",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".heif": "image/heic",
    ".jfif": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".mpga": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".rtf": "application/rtf",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
}
_OTHER_ENDINGS = (".docx", ".msg", ".odp", ".ods", ".odt", ".ppt", ".pptx", ".txt", ".xls", ".xlsx")
# A package of office is a zip whose first entries have these names.
_PACKAGES = (
    (b"word/", f"{_OFFICE}wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}presentationml.presentation"),
)
_MAIL_HEADS = (b"from:", b"received:", b"return-path:", b"delivered-to:", b"message-id:", b"mime-version:")
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
# Text that a program or a browser would run.
_RUN = (b"#!", b"<?php", b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"mz")


def find_kind(head: bytes) -> str:
    """Return the media type of what begins like this, empty for a kind that is not taken."""
    if head.startswith(_ZIP):
        return _find_package(head)
    if head.startswith(_OLE):
        return _find_compound(head)
    return _find_mail(head) or _find_by_magic(head) or _find_text(head)


def family_of(kind: str) -> Family:
    """Return what a media type that `find_kind` gave belongs to."""
    match kind.partition("/"):
        case ("image" | "audio" | "video" as group, _, _):
            return Family(group)
        case ("text", _, _):
            return Family.TEXT
    if kind == "application/pdf":
        return Family.PDF
    return Family.EMAIL if kind in ("message/rfc822", "application/vnd.ms-outlook") else Family.OFFICE


def ending_of(kind: str) -> str:
    """Return the usual ending of a media type that cleaned copies have, without its point."""
    return {"image/jpeg": "jpg"}.get(kind, kind.partition("/")[2])


def list_endings() -> list[str]:
    """Return the endings that files which are taken usually have."""
    return sorted({*_KINDS, *_OTHER_ENDINGS})


def _find_package(head: bytes) -> str:
    if head[30:38] == b"mimetype":  # an OpenDocument package says at once what it is
        kind = head[38:].partition(b"PK")[0].decode("ascii", "replace")
        return kind if kind.removeprefix(_ODF) in ("text", "spreadsheet", "presentation") else ""
    names = [name for name, _kind in _PACKAGES if name in head]
    is_office = b"[Content_Types].xml" in head or b"_rels/.rels" in head or b"docProps/" in head
    return dict(_PACKAGES)[names[0]] if is_office and names else ""


def _find_compound(head: bytes) -> str:
    # The directory may lie behind what is looked at: then it is taken for a document.
    if "__substg1.0_".encode("utf-16-le") in head or "__nameid_".encode("utf-16-le") in head:
        return "application/vnd.ms-outlook"
    for name, kind in (
        ("Workbook", "application/vnd.ms-excel"),
        ("PowerPoint", "application/vnd.ms-powerpoint"),
    ):
        if name.encode("utf-16-le") in head:
            return kind
    return "application/msword"


def _find_mail(head: bytes) -> str:
    first = head[:4096].lstrip().lower()
    is_mail = first.startswith(_MAIL_HEADS) and any(b"\n" + other in first for other in _MAIL_HEADS)
    return "message/rfc822" if is_mail else ""


def _find_by_magic(head: bytes) -> str:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    sure = [match for match in found if match.confidence > 0.1 or match.extension in (".mpga", ".aac")]
    kinds = [_KINDS[match.extension] for match in sure[:3] if match.extension in _KINDS]
    return kinds[0] if kinds else ""


def _find_text(head: bytes) -> str:
    if b"\0" in head or head[:64].lstrip().lower().startswith(_RUN):
        return ""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # not only cut in the middle of a character
            return ""
    return "text/plain"

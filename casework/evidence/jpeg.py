"""JPEG bytes without the segments that tell of camera, place and maker; the picture itself is untouched."""

_KEPT_APPLICATION = {0xE0, 0xEE}  # JFIF, and Adobe's, without which the colours are wrong
_START_OF_SCAN, _COMMENT = 0xDA, 0xFE


def strip_segments(content: bytes) -> bytes:
    """Return the same picture without EXIF, XMP, IPTC and comments; what does not read stays as it is."""
    if not content.startswith(b"\xff\xd8"):
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return content
        marker = content[at + 1]
        if marker == _START_OF_SCAN:
            return b"".join(kept) + content[at:]
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if not (marker == _COMMENT or (0xE0 <= marker <= 0xEF and marker not in _KEPT_APPLICATION)):
            kept.append(content[at:end])
        at = end
    return content

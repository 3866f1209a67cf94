"""Hides how long a text is: a u32 length, the text, zero bytes up to a coarse size."""

from enum import StrEnum

from casework.errors import Tampered

LENGTH_BYTES = 4
STEP_BYTES = 256
PADME_MINIMUM_BYTES = 1024


class Padding(StrEnum):
    """How a field is padded; permanent for a field id."""

    NONE = "none"
    STEPS = "steps"
    PADME = "padme"


def padded_length(padding: Padding, length: int) -> int:
    """Return the size in bytes that `length` bytes of text take once padded.

    NONE is for contents of one fixed size, such as keys: no prefix is added. PADME costs at most
    12 % above the minimum of 1 KiB (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files
    and Communication with PURBs", 2019).
    """
    if padding is Padding.NONE:
        return length
    framed = LENGTH_BYTES + length
    if padding is Padding.STEPS:
        return -(-framed // STEP_BYTES) * STEP_BYTES
    return padme(framed)


def padme(size_bytes: int) -> int:
    """Return the Padmé size of so many bytes: at least 1 KiB, at most 12 % above them otherwise."""
    if size_bytes <= PADME_MINIMUM_BYTES:
        return PADME_MINIMUM_BYTES
    exponent = size_bytes.bit_length() - 1
    granule = 1 << (exponent - exponent.bit_length())
    return -(-size_bytes // granule) * granule


def pad(padding: Padding, plain: bytes) -> bytes:
    """Pad the text; OverflowError for 4 GiB and more."""
    if padding is Padding.NONE:
        return plain
    framed = len(plain).to_bytes(LENGTH_BYTES, "big") + plain
    return framed.ljust(padded_length(padding, len(plain)), b"\0")


def unpad(padding: Padding, padded: bytes) -> bytes:
    """Return the text; Tampered unless `pad` gives exactly these bytes for it."""
    if padding is Padding.NONE:
        return padded
    total = len(padded)
    end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES], "big")
    if padded_length(padding, end - LENGTH_BYTES) != total or padded.count(0, end) != total - end:
        raise Tampered("the padding is not canonical")
    return padded[LENGTH_BYTES:end]

"""Vectors of sealed files: contents of one chunk and of several, and what is done to them."""

from typing import Any

from casework.vault.stream import CHUNK_BYTES, HEADER_BYTES, TAG_BYTES, Copy, Sealer
from tests.vectors.material import KEY, OTHER_KEY, OTHER_ROW, ROW, Case, Kept, flip, tampered, vectors

SHORT, LONG = b"what somebody photographed", bytes(range(251)) * 600
_CHUNK = CHUNK_BYTES + TAG_BYTES


def _seal(content: bytes, copy: Copy = Copy.ORIGINAL) -> bytes:
    sealed: list[bytes] = []
    sealer = Sealer(KEY, ROW, copy, sealed.append)
    sealer.write(content)
    sealer.finish()
    return b"".join(sealed)


def _given(content: bytes, copy: Copy = Copy.ORIGINAL) -> dict[str, Any]:
    return {
        "key": KEY.hex(),
        "row": ROW.hex,
        "copy": copy.name.lower(),
        "bytes": len(content),
        "sealed": _seal(content, copy).hex(),
    }


def streams(_kept: Kept) -> Any:
    """A file's bytes under its key."""
    short, long = _given(SHORT), _given(LONG)
    accept: list[Case] = [("one chunk", short, SHORT.hex()), ("three chunks", long, LONG.hex())]
    accept.append(("a cleaned copy", _given(SHORT, Copy.CLEANED), SHORT.hex()))
    sealed = bytes.fromhex(long["sealed"])
    header, chunks = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
    first, second, third = chunks[:_CHUNK], chunks[_CHUNK : 2 * _CHUNK], chunks[2 * _CHUNK :]
    reject = tampered(
        long,
        cut_behind_a_chunk={"sealed": (header + first + second).hex(), "bytes": 2 * CHUNK_BYTES},
        cut_in_a_chunk={"sealed": long["sealed"][:-2]},
        trailing_byte={"sealed": long["sealed"] + "00"},
        changed_places={"sealed": (header + second + first + third).hex()},
        a_chunk_twice={"sealed": (header + first + first + third).hex()},
    )
    other = _seal(LONG[::-1])[HEADER_BYTES:][:_CHUNK]
    reject += tampered(
        short,
        in_another_row={"row": OTHER_ROW.hex},
        as_another_copy={"copy": "cleaned"},
        under_another_key={"key": OTHER_KEY.hex()},
        of_another_size={"bytes": len(SHORT) - 1},
        of_no_size={"bytes": 0},
        version={"sealed": flip(short["sealed"], 3)},
        algorithm={"sealed": flip(short["sealed"], 4)},
        copy_in_the_header={"sealed": flip(short["sealed"], 5)},
        body={"sealed": flip(short["sealed"], HEADER_BYTES)},
        tag={"sealed": flip(short["sealed"], -1)},
        only_a_header={"sealed": short["sealed"][: 2 * HEADER_BYTES]},
        a_chunk_of_another_file={"sealed": (header + other).hex(), "bytes": CHUNK_BYTES},
        empty={"sealed": ""},
    )
    return vectors("A sealed file of a case, and its content.", accept, reject)


MAKERS = {"stream": streams}

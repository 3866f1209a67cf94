"""A request as far as it has come, and what a thread may then read of it: no more than is here."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from gunicorn.http import RequestParser
from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import NoMoreData
from gunicorn.http.unreader import Unreader

from casework.gate import INCOMING, LIST, OUTGOING, Errand
from casework.services.importing.reading import MOST_BYTES
from casework.web.access import OPEN_BYTES
from casework.web.bounds import LONGEST_FORMS

LIST_BYTES = MOST_BYTES + 64 * 1024

_HEAD_BYTES = 64 * 1024
_HEAD_END = b"\r\n\r\n"


class Arriving:
    """A request as far as it has come; `most_bytes` is the largest form that is taken from a member.

    `is_whole` once a thread can answer it without reading more, and `refusal` is the status line for what
    is not waited for. A form larger than allowed is whole at once: its answer is that it is too large.
    One that brings files, or a long form, `is_asking` first: nothing more is read before it is known who the
    `member` is; one that takes a file does so once it is whole.
    """

    def __init__(
        self, config: Any, client: Any, most_bytes: int, find_errand: Callable[[str, str], Errand]
    ) -> None:
        self.data = bytearray()
        self.is_whole = False
        self.is_too_large = False
        self.refusal = b""
        self.errand = Errand()
        self.cookies = ""
        self.is_asking = False
        self.is_cut = False
        self.member: UUID | None = None
        self._config = config
        self._client = client
        self._most_bytes = most_bytes
        self._find_errand = find_errand
        self._wanted = 0
        self._was_asked = False

    @property
    def transfer(self) -> str:
        """INCOMING, OUTGOING or LIST where it carries a file."""
        return self.errand.transfer

    @property
    def is_large(self) -> bool:
        """Whether it brings a list to be imported, or a form to be given back: held in memory whole."""
        most = self._most_bytes + _HEAD_BYTES
        return self.transfer == LIST or (self.errand.is_kept and self._wanted > most)

    @property
    def is_sending(self) -> bool:
        """Whether the other side may still send what this does not hold."""
        return self.is_too_large or self.is_cut or self.is_asking or self.transfer == INCOMING

    @property
    def missing_bytes(self) -> int:
        """How much of it has not come yet."""
        return self._wanted - len(self.data)

    def take(self, piece: bytes) -> None:
        """Add what has come."""
        searched = max(0, len(self.data) - len(_HEAD_END) + 1)
        self.data += piece
        if not self._wanted:
            end = self.data.find(_HEAD_END, searched)
            if end >= 0:
                self._read_head(end + len(_HEAD_END))
            elif len(self.data) > _HEAD_BYTES:
                self.refusal = b"431 Request Header Fields Too Large"
        if self._wanted and len(self.data) >= self._wanted:
            self.is_whole = True
            self.is_asking = self.is_asking or (self.transfer == OUTGOING and not self._was_asked)

    def admit(self, member: UUID | None) -> None:
        """Note who it is from; of who is not known, or may not send a file, nothing more is waited for."""
        self.is_asking, self._was_asked, self.member = False, True, member
        self.is_cut = member is None and not self.is_whole

    def _read_head(self, head_bytes: int) -> None:
        self._wanted = head_bytes
        try:
            # gunicorn's own reading: another one might see another length.
            request = next(RequestParser(self._config, [bytes(self.data[:head_bytes])], self._client))
            reader, self.errand = request.body.reader, self._find_errand(request.method, request.path)
            self.cookies = ";".join(value for name, value in request.headers if name == "COOKIE")
        except (NoMoreData, StopIteration):
            self.refusal = b"400 Bad Request"
        except Exception:  # noqa: BLE001, RUF100 (whatever is wrong, the thread finds it too, and answers)
            self.is_whole = True
        else:
            if isinstance(reader, ChunkedReader):
                self.refusal = b"411 Length Required"
            elif self.transfer != INCOMING and reader.length > self._limit():
                self.is_whole = self.is_too_large = True
            else:
                self.is_asking = self.transfer in (INCOMING, LIST) or reader.length > OPEN_BYTES
                self._wanted += reader.length

    def _limit(self) -> int:
        if self.errand.is_open:
            return min(OPEN_BYTES, self._most_bytes)
        if self.errand.is_kept:
            return LONGEST_FORMS * self._most_bytes
        return LIST_BYTES if self.transfer == LIST else self._most_bytes


class HeldUnreader(Unreader):  # type: ignore[misc] # gunicorn has no types
    """Gives what the loop has collected, and then ends: no thread that answers pages waits for the line."""

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return nothing: a body that is not here whole is shorter than it said."""
        return b""

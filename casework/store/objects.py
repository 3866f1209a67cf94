"""Objects in a bucket, by the protocol of Amazon S3, which many stores speak; what they hold is opaque here.

Only what they all have is used: no metadata, no versions, no conditions, no checksums of later years. That a
body came as it was sent the signature over its hash says.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from casework.store.objectplace import ObjectKey, ObjectPlace
from casework.store.sealedfiles import Away, FilesAway
from casework.store.silence import Silence

_NOT_THERE = {"NoSuchKey", "NoSuchUpload", "NotFound", "404"}
_NO_BUCKET = {"NoSuchBucket"}
_REFUSED = {"401", "403"}
_READ_TRIES = 3
# Files and environment of the account say to other programs what is not meant for this one.
_NOBODYS_SETTINGS = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "ca_bundle": (None, None, None, None),
    "ignore_configured_endpoint_urls": (None, None, True, None),
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a store is waited for: until it is reached, then while it is silent; how often it is asked."""

    connect_seconds: float = 5.0
    silent_seconds: float = 40.0
    tries: int = 3


QUICK = Patience(5.0, 8.0, 1)
"""For a look whether it answers."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object: its name below the prefix, its size, and when it was written, by the store's clock."""

    name: str
    size_bytes: int
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """An object that is sent in parts and not whole yet."""

    name: str
    upload: str
    begun_at: datetime


class Objects:
    """The objects of one bucket below one prefix; names are without it.

    Every method raises FilesAway where the store does not answer, or refuses; where it was silent a moment
    ago, at once, and without asking.
    """

    def __init__(self, place: ObjectPlace, key: ObjectKey, patience: Patience = Patience()) -> None:
        self.place, self._key, self._patience = place, key, patience
        self._lock = threading.Lock()
        self._made: tuple[int, Any] | None = None
        self.silence = Silence()

    def asked(self, patience: Patience) -> "Objects":
        """Return the same objects, asked for with another patience; of silence they know for themselves."""
        return Objects(self.place, self._key, patience)

    def put(self, name: str, content: bytes) -> None:
        """Write a whole object, in place of another."""
        with self._asking():
            self._client.put_object(**self._named(name), Body=content)

    def read(self, name: str, start: int, size: int) -> tuple[bytes, int]:
        """Return at most so many bytes from `start`, and how large it is; raises FileNotFoundError."""
        for _ in range(_READ_TRIES):
            with self._asking():
                span = f"bytes={start}-{start + size - 1}"
                answer = self._client.get_object(**self._named(name), Range=span)
            try:
                whole_bytes = _read_range(answer, start)
            except FilesAway:
                answer["Body"].close()  # a whole file, it may be
                raise
            # Cut while it answers: the client asks again by itself only until an answer begins.
            with suppress(FilesAway), _translating(), answer["Body"] as body:
                content: bytes = body.read()
                if len(content) == min(size, whole_bytes - start):
                    return content, whole_bytes
        raise FilesAway(Away.SILENT)

    def measure(self, name: str) -> int:
        """Return how large an object is; raises FileNotFoundError."""
        with self._asking():
            return int(self._client.head_object(**self._named(name))["ContentLength"])

    def delete(self, name: str) -> None:
        """Delete an object, if it is there."""
        with suppress(FileNotFoundError), self._asking():
            self._client.delete_object(**self._named(name))

    def list(self) -> Iterator[Stored]:
        """Yield every whole object."""
        for one in self._list("list_objects_v2", "Contents"):
            yield Stored(self._strip(one["Key"]), int(one["Size"]), one["LastModified"])

    def begin(self, name: str) -> str:
        """Begin an object that comes in parts; returns by what its parts name it."""
        with self._asking():
            return str(self._client.create_multipart_upload(**self._named(name))["UploadId"])

    def send(self, name: str, upload: str, number: int, content: bytes) -> str:
        """Send a part, from 1, of at least 5 MiB but for the last; returns its tag."""
        with self._asking_of_what_must_be():
            part = {"UploadId": upload, "PartNumber": number, "Body": content}
            return str(self._client.upload_part(**self._named(name), **part)["ETag"])

    def complete(self, name: str, upload: str, tags: Sequence[str]) -> None:
        """Make an object of its parts: only now it is there, whole."""
        parts = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]
        with self._asking_of_what_must_be():
            self._client.complete_multipart_upload(
                **self._named(name), UploadId=upload, MultipartUpload={"Parts": parts}
            )

    def abandon(self, name: str, upload: str) -> None:
        """Delete the parts that came of an object."""
        with suppress(FileNotFoundError), self._asking():
            self._client.abort_multipart_upload(**self._named(name), UploadId=upload)

    def list_begun(self) -> Iterator[Begun]:
        """Yield every object that was begun and not completed."""
        with suppress(FileNotFoundError):  # so some say that there is none
            for one in self._list("list_multipart_uploads", "Uploads"):
                yield Begun(self._strip(one["Key"]), one["UploadId"], one["Initiated"])

    def find_last_part(self, begun: Begun) -> datetime:
        """Return when the newest part of it came, or when it was begun; raises FileNotFoundError."""
        with self._asking():
            answer = self._client.list_parts(**self._named(begun.name), UploadId=begun.upload)
        return max((part["LastModified"] for part in answer.get("Parts", ())), default=begun.begun_at)

    def keeps_versions(self) -> bool:
        """Return whether the bucket keeps what is deleted; a store that knows of no such thing does not."""
        try:
            with self._asking():
                answer = self._client.get_bucket_versioning(Bucket=self.place.bucket)
        except FilesAway as away:
            if away.reason in (Away.FAILED, Away.REFUSED):
                return False
            raise
        return str(answer.get("Status")) == "Enabled"

    def _list(self, how: str, what: str) -> Iterator[dict[str, Any]]:
        with _translating():
            paginator = self._client.get_paginator(how)
            pages = iter(paginator.paginate(Bucket=self.place.bucket, Prefix=self.place.prefix))
        while True:
            with self._asking():  # for a page only: who reads the list asks for other things in between
                page = next(pages, None)
            if page is None:
                return
            yield from page.get(what, ())

    def _named(self, name: str) -> dict[str, str]:
        return {"Bucket": self.place.bucket, "Key": self.place.prefix + name}

    def _strip(self, key: str) -> str:
        return key.removeprefix(self.place.prefix)

    @property
    def _client(self) -> Any:
        """Each process has its own: connections must not be shared over a fork."""
        with self._lock:
            if self._made is None or self._made[0] != os.getpid():
                self._made = os.getpid(), _connect(self.place, self._key, self._patience)
            return self._made[1]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Ask unless it was silent a moment ago, and remember whether it is."""
        self.silence.require_over()
        try:
            with _translating():
                yield
        except FilesAway as away:
            if away.reason == Away.SILENT:
                self.silence.begin()
            else:
                self.silence.end()
            raise
        except FileNotFoundError:
            self.silence.end()
            raise
        self.silence.end()

    @contextmanager
    def _asking_of_what_must_be(self) -> Iterator[None]:
        """Say of what has gone meanwhile that the store failed: nobody else deletes what is on its way."""
        try:
            with self._asking():
                yield
        except FileNotFoundError:
            raise FilesAway(Away.FAILED) from None


def _connect(place: ObjectPlace, key: ObjectKey, patience: Patience) -> Any:
    session = botocore.session.Session(_NOBODYS_SETTINGS)
    config = Config(
        connect_timeout=patience.connect_seconds,
        read_timeout=patience.silent_seconds,
        retries={"mode": "standard", "total_max_attempts": patience.tries},
        max_pool_connections=32,
        user_agent="casework",  # and not which Python on which system
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if place.endpoint else "auto", "payload_signing_enabled": True},
    )
    return session.create_client(
        "s3",
        region_name=place.region,
        endpoint_url=place.endpoint,
        verify=place.ca_certs or True,
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        config=config,
    )


@contextmanager
def _translating() -> Iterator[None]:
    """Turn what the client raises into FileNotFoundError or FilesAway: its own messages quote addresses."""
    try:
        yield
    except ClientError as error:
        code = str(error.response["Error"]["Code"])
        status = str(error.response["ResponseMetadata"]["HTTPStatusCode"])
        if code in _NOT_THERE:
            raise FileNotFoundError from None
        reason = Away.MISSING if code in _NO_BUCKET else Away.REFUSED if status in _REFUSED else Away.FAILED
        raise FilesAway(reason) from None
    except (BotoCoreError, HTTPError, OSError):
        raise FilesAway(Away.SILENT) from None


def _read_range(answer: Any, start: int) -> int:
    """Return the size of the whole object; FilesAway where a store gives anything but the range asked for."""
    span, _, whole = str(answer.get("ContentRange", "")).removeprefix("bytes ").partition("/")
    if not whole.isdecimal() or not span.startswith(f"{start}-"):
        raise FilesAway(Away.FAILED)
    return int(whole)

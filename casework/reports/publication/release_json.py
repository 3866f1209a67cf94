"""A release as JSON: its content, to the byte what the checksum covers, and what became of it since.

How anybody computes the checksum again: docs/disclosure.md.
"""

import json

from casework.reports.publication.edition import Edition

FORMAT = "casework release 1"


def write_json(edition: Edition) -> bytes:
    """Return the file, canonical JSON: keys in order, no white space, UTF-8. Alike for every edition."""
    standing = edition.standing
    since: dict[str, object] = {
        "withdrawn": standing.is_withdrawn,
        "withdrawn_on": standing.withdrawn_on.isoformat() if standing.withdrawn_on else None,
        "reason": next(iter(standing.reasons.values()), ""),
        "replaced_by": standing.replaced_by,
    }
    if standing.is_withdrawn:
        since["reasons"] = dict(standing.reasons)
    if standing.is_left_alone:
        since["replacement_withdrawn_on"] = standing.alone_since.isoformat() if standing.alone_since else None
    return encode(
        {
            "format": FORMAT,
            "checksum": edition.checksum,
            "content": json.loads(edition.content),
            "standing": since,
        }
    )


def encode(document: object) -> bytes:
    """Return the canonical bytes of a document of texts and whole numbers."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

"""What the fields of an import are called: by what they are about, never by where they stand.

A browser fills a form that it shows again, and a second tab sends one that is older: a name that stands for
another column or value by then would put an answer where nobody gave it.
"""

import hashlib
import json

_FIGURES = 12


def name_field(kind: str, *about: str | int) -> str:
    """Return the name of a field: its kind, and a short hash of what it is about."""
    told = json.dumps(about, ensure_ascii=False).encode(errors="surrogatepass")
    return f"{kind}_{hashlib.sha256(told).hexdigest()[:_FIGURES]}"

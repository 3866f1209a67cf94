"""Forms are taken from our own pages only: what the browser says of their origin, before their token.

Our pages send no Referer (`web/headers.py`), and then browsers say `Origin: null` of their own forms too.
`Sec-Fetch-Site` still tells; browsers from before 2023 may lack it, and then SameSite and the token decide.
"""

from flask import Flask, abort, request

from casework.config import Settings

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# "none": a person began it, such as by loading a page again.
_OWN_SITES = {"same-origin", "none"}


def init_app(app: Flask, settings: Settings) -> None:
    """Look at each request that may change something."""
    scheme = "https" if settings.public_https else "http"

    def refuse_others() -> None:
        if request.method not in _SAFE_METHODS and not _is_ours(scheme):
            abort(400)

    app.before_request(refuse_others)


def _is_ours(scheme: str) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in _OWN_SITES
    origin = request.headers.get("Origin", "null")
    # An onion address is encrypted and proves itself without TLS: its pages are at http://.
    own = {f"{scheme}://{request.host}"} | ({f"http://{request.host}"} if _is_onion() else set())
    return origin == "null" or origin in own


def _is_onion() -> bool:
    return request.host.partition(":")[0].endswith(".onion")

"""What every answer says to the browser about what it may load, keep and tell."""

from flask import Flask, Response, request

from casework.config import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",  # Pico draws the marks of its controls as data
        "font-src 'self'",
        "connect-src 'self'",  # draft.js keeps drafts, in-place.js opens forms
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

# For what a stranger made: it runs nothing, loads nothing and belongs to no page of ours.
FILE_POLICY = "; ".join(("default-src 'none'", "sandbox", "frame-ancestors 'none'"))

# Nothing of ours asks for them, and nothing that got into a page by mistake shall.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
    )
)


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer, errors included."""

    def set_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = PERMISSIONS_POLICY
        if settings.public_https:
            headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        if request.endpoint == "static":
            headers["Cache-Control"] = "no-cache" if settings.debug else "public, max-age=3600"
        else:
            # Pages show records: no cache and no back button after signing out may bring them back.
            headers["Cache-Control"] = "no-store"
        return response

    app.after_request(set_headers)

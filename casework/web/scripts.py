"""What a script of ours is answered where a browser would be led on."""

from flask import jsonify, request
from werkzeug.wrappers import Response


def is_script() -> bool:
    """Return whether a script sent the request, which reads no page."""
    return request.accept_mimetypes.best == "application/json"


def lead(answer: Response) -> Response:
    """Lead a browser on; tell a script where, so that it knows that its form has arrived."""
    return jsonify(next=answer.location) if is_script() else answer

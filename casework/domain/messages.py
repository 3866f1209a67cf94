"""Marking of sentences that the web layer translates."""


def N_(message: str) -> str:
    """Mark `message` for extraction and give it back unchanged; gettext is called where it is shown."""
    return message

"""What a test reads off a page."""

import html
import re

from werkzeug.test import TestResponse


def words_of(page: TestResponse) -> list[str]:
    """Return the words that a page shows large: a proposed passphrase, a recovery share."""
    block = re.search(r'<ol class="words.*?</ol>', page.text, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", block[0]) if block else []


def find_token(text: str) -> str:
    """Return the token of the first form on a page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert token
    return token[1]


def text_of(page: TestResponse) -> str:
    """Return what somebody reads on a page: its main part without tags, with single spaces."""
    main = re.search(r"<main.*?</main>", page.text, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main[0] if main else page.text)).split())

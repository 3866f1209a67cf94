"""Incidents that many change at once: each adds a word, and every word that was saved has to be there."""

import random
import threading
from uuid import uuid4

from benchmarks.load.browsing import Browser, Unsound

ATTEMPTS = 8


class Shared:
    """A few incidents, and the words that the server said it saved in each."""

    def __init__(self, addresses: list[str]) -> None:
        self._addresses = addresses
        self._saved: dict[str, list[str]] = {address: [] for address in addresses}
        self._lock = threading.Lock()
        self.conflicts = 0

    def add_word(self, browser: Browser, chance: random.Random) -> None:
        """Add a word to one of them, as often anew as somebody else was quicker."""
        address, word = chance.choice(self._addresses), uuid4().hex
        for _ in range(ATTEMPTS):
            form = browser.open(address).form("text", "version")
            text = dict(form.fields)["text"].strip()
            page = browser.submit(form, {"text": f"{text}\n{word}"})
            if page.status == 200 and page.url.startswith("/cases/"):
                with self._lock:
                    self._saved[address].append(word)
                return
            if page.status != 409:
                raise Unsound(f"a change of an incident answered {page.status}")
            with self._lock:
                self.conflicts += 1
        raise Unsound(f"{ATTEMPTS} times somebody else was quicker")

    def check(self, browser: Browser) -> tuple[int, int]:
        """Return how many words were saved, and how many of them are not there exactly once."""
        saved = lost = 0
        for address, words in self._saved.items():
            text = dict(browser.open(address).form("text", "version").fields)["text"]
            saved += len(words)
            lost += sum(text.count(word) != 1 for word in words)
        return saved, lost

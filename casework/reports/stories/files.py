"""The files of a story; the same story gives the same bytes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from textwrap import wrap

from casework.domain.story import PublishedStory
from casework.reports.stories.contents import lay_out
from casework.reports.typesetting import typeset
from casework.reports.webpage import draw_page

_LINE = 78


@dataclass(frozen=True, slots=True)
class StoryFile:
    """A file of a story in one language; `kind` is "pdf", "html" or "txt"."""

    kind: str
    language: str
    name: str
    media_type: str
    draw: Callable[[], bytes]


def list_files(story: PublishedStory) -> Sequence[StoryFile]:
    """List the files of a story, drawing none; none of one that was withdrawn."""
    return [
        StoryFile(kind, language, _name(story, language, kind), media, partial(draw, story, language))
        for language in story.draft.languages
        for kind, media, draw in _KINDS
    ]


def write_pdf(story: PublishedStory, language: str) -> bytes:
    """Return it as a PDF; raises RuntimeError, which quotes nothing."""
    return typeset((files(__package__) / "story.typ").read_bytes(), lay_out(story, language))


def write_page(story: PublishedStory, language: str) -> bytes:
    """Return it as one web page, in UTF-8, that runs no script and asks for nothing."""
    document = lay_out(story, language)
    others = {code: _name(story, code, "html") for code in story.draft.languages if code != language}
    return draw_page(__package__, "story.html", document, others, (document["number"], document["approved"]))


def write_text(story: PublishedStory, language: str) -> bytes:
    """Return it as plain text, in UTF-8, with lines of at most 78 characters."""
    doc = lay_out(story, language)
    parts = [f"{doc['organization']} · {doc['number']} · {doc['approved']}", doc["title"], *doc["account"]]
    if doc["details"]:
        parts.append("\n".join(f"{term} {text}" for term, text in doc["details"]))
    parts += [doc["note_heading"], *doc["notes"]]
    return ("\n\n".join(map(_fold_lines, parts)) + "\n").encode("utf-8")


_KINDS: tuple[tuple[str, str, Callable[[PublishedStory, str], bytes]], ...] = (
    ("pdf", "application/pdf", write_pdf),
    ("html", "text/html; charset=utf-8", write_page),
    ("txt", "text/plain; charset=utf-8", write_text),
)


def _name(story: PublishedStory, language: str, kind: str) -> str:
    return f"story-{story.number}-{language}.{kind}"


def _fold_lines(text: str) -> str:
    lines = (wrap(line, _LINE, break_long_words=False, break_on_hyphens=False) for line in text.split("\n"))
    return "\n".join("\n".join(line) for line in lines)

"""A file is given out under the name that it has, in any script."""

import pytest
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Response

from casework.web.saving import save_as


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("report.pdf", "report.pdf"),
        ("Nguyễn.pdf", "Nguyen.pdf"),
        ("Pièce d’identité.pdf", "Piece didentite.pdf"),
        ("نص.pdf", "file.pdf"),
        ("😀", "file"),
        ('a"b\\c%41;é.pdf', "abc41;e.pdf"),
        ("two\r\nlines.pdf", "twolines.pdf"),
    ],
)
def test_a_name_in_any_script(name: str, plain: str) -> None:
    """The header is ASCII; who reads its second name has the very one, who does not a plain one."""
    header = save_as(Response(), name).headers["Content-Disposition"]
    assert header.isascii() and header.isprintable()
    kind, options = parse_options_header(header)
    assert (kind, options["filename"]) == ("attachment", name)
    first = header.partition("; filename*=")[0]
    assert parse_options_header(first)[1]["filename"] == plain

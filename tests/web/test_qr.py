"""Square codes are drawn as one path."""

import re

import segno

from casework.web.qr import draw_qr

TEXT = "ACADEMIC ACID ACNE"


def test_the_path_fills_the_modules_that_are_dark() -> None:
    """What the path covers is the code's matrix, module by module."""
    code, matrix = draw_qr(TEXT), segno.make(TEXT, error="q", micro=False, boost_error=False).matrix
    drawn = [[0] * code.size for _ in range(code.size)]
    for left, top, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path):
        for column in range(int(left), int(left) + int(length)):
            drawn[int(top)][column] = 1
    assert drawn == [list(row) for row in matrix]

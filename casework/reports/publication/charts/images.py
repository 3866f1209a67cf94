"""Charts as PNG, drawn with the fonts that casework brings, and with them alone."""

import typst

from casework.reports.publication.charts.drawing import Chart, draw
from casework.reports.publication.charts.frames import Frame
from casework.reports.typesetting import load_fonts

_PAGE = b"""
#set page(width: float(sys.inputs.width) * 0.75pt, height: auto, margin: 0pt, fill: white)
#set document(date: none)
#image(bytes(sys.inputs.chart), format: "svg", width: 100%)
"""


def draw_png(chart: Chart, frame: Frame) -> bytes:
    """Return it as PNG, in the pixels that its size asks for; raises RuntimeError, which quotes nothing."""
    try:
        return typst.compile(
            _PAGE,
            font_paths=load_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"chart": draw(chart, frame), "width": str(frame.width)},
            format="png",
            ppi=frame.ppi,
        )
    except typst.TypstError:
        raise RuntimeError("the chart could not be drawn") from None

"""Figures as the reader writes them: nothing that is reads as nothing, and not all never as all."""

import pytest
from flask_babel import force_locale

from casework.web.decimals import write_hundredths, write_share, write_tenths
from tests.support.application import Founded


@pytest.mark.parametrize(
    ("locale", "count", "whole", "said"),
    [
        ("en", 404, 406, "over 99%"),
        ("fr", 404, 406, "plus de 99 %"),
        ("es", 404, 406, "más del 99 %"),
        ("en", 1, 400, "under 1%"),
        ("fr", 1, 400, "moins de 1 %"),
        ("es", 1, 400, "menos del 1 %"),
        ("en", 403, 406, "99%"),
        ("en", 2, 400, "1%"),
        ("en", 406, 406, "100%"),
        ("en", 0, 406, "0%"),
        ("en", 1, 8, "13%"),
    ],
)
def test_a_share_reads_as_all_or_none_only_where_it_is(
    founded: Founded, locale: str, count: int, whole: int, said: str
) -> None:
    with founded.app.test_request_context(), force_locale(locale):
        assert write_share(count, whole).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("value", "tenths", "hundredths"),
    [
        (0.0, "0.0", "0.00"),
        (0.04, "0.04", "0.04"),
        (0.004, "0.004", "0.004"),
        (0.00004, "below 0.0001", "below 0.0001"),
        (0.05, "0.05", "0.05"),
        (1234.5, "1,234.5", "1,234.50"),
    ],
)
def test_a_rate_reads_as_nothing_only_where_it_is(
    founded: Founded, value: float, tenths: str, hundredths: str
) -> None:
    with founded.app.test_request_context(), force_locale("en"):
        assert (write_tenths(value), write_hundredths(value)) == (tenths, hundredths)

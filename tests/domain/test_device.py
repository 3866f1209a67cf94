"""What a browser says of itself, in two words."""

import pytest

from casework.domain.device import Device, recognise
from casework.errors import Invalid

GECKO = "Gecko/20100101 Firefox/128.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
            Device("Firefox", "Android"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            Device("Firefox", "Linux"),
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0 Safari/537.36",
            Device("Chrome", "Windows"),
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/126.0 Safari/537.36 Edg/126.0",
            Device("Edge", "Windows"),
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT} Version/17.5 Safari/604.1",
            Device("Safari", "iPhone"),
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/17.5 Safari/605.1.15",
            Device("Safari", "macOS"),
        ),
        ("<script>alert(1)</script>", Device()),
        ("", Device()),
    ],
)
def test_a_browser_is_named(user_agent: str, device: Device) -> None:
    """The browser's own name wins over those it adds; what is not known stays unsaid, and is not quoted."""
    assert recognise(user_agent) == device


def test_a_device_is_read_as_it_was_written() -> None:
    """And nothing else is."""
    device = Device("Firefox", "Android")
    assert Device.from_document(device.to_document()) == device
    with pytest.raises(Invalid):
        Device.from_document({"schema": 1, "browser": "Firefox"})

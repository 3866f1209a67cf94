"""Pictures without what their makers wrote into them: upright, in sRGB, and nothing but the points."""

import io
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

from casework.evidence.refusals import DAMAGED, NO_WAY, TOO_MANY_PIXELS, Uncleanable

MOST_PIXELS = 64_000_000
"""Of all frames together. A telephone's largest usual picture has 50 million."""
PREVIEW_PIXELS = 1200
"""The longer side of a preview."""
QUALITY, PREVIEW_QUALITY = 95, 80

# What is read, and as what it is written: Pillow's names.
_FORMATS = {
    "image/avif": ("AVIF", "JPEG"),
    "image/bmp": ("BMP", "PNG"),
    "image/gif": ("GIF", "GIF"),
    "image/jpeg": ("JPEG", "JPEG"),
    "image/png": ("PNG", "PNG"),
    "image/tiff": ("TIFF", "TIFF"),
    "image/webp": ("WEBP", "WEBP"),
}
_KINDS = {name: kind for kind, (name, _written) in _FORMATS.items()}
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "GIF": {"save_all": True},
    "JPEG": {"quality": QUALITY, "subsampling": 0},
    "PNG": {"compress_level": 3},
    "TIFF": {"compression": "tiff_deflate"},
    "WEBP": {"quality": QUALITY, "method": 2},
}
_SEVERAL = ("GIF", "TIFF", "WEBP")


def clean_image(kind: str, content: bytes) -> tuple[str, bytes, bytes]:
    """Return the cleaned picture's media type, the picture and a preview of it; raises Uncleanable."""
    if kind not in _FORMATS:
        raise Uncleanable(NO_WAY)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    read_as, written_as = _FORMATS[kind]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[read_as]) as image:
                frames = list(_clean_frames(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Uncleanable(TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError):
        raise Uncleanable(DAMAGED) from None
    return _KINDS[written_as], _write(frames, written_as), make_preview(frames[0])


def make_preview(image: Image.Image) -> bytes:
    """Return a JPEG of the picture, smaller, on white where it lets through."""
    small = image.copy()
    small.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
    if small.mode in ("RGBA", "LA"):
        ground = Image.new("RGB", small.size, "white")
        ground.paste(small.convert("RGBA"), mask=small.convert("RGBA"))
        small = ground
    buffer = io.BytesIO()
    small.convert("RGB").save(buffer, "JPEG", quality=PREVIEW_QUALITY)
    return buffer.getvalue()


def _clean_frames(image: Image.Image) -> Iterator[Image.Image]:
    left = MOST_PIXELS
    for frame in ImageSequence.Iterator(image):
        left -= frame.width * frame.height
        if left < 0:
            raise Uncleanable(TOO_MANY_PIXELS)
        yield _clean(frame)


def _clean(frame: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(frame)
    wanted = "RGBA" if upright.has_transparency_data else "L" if upright.mode in ("1", "L", "I;16") else "RGB"
    plain = _to_srgb(upright, wanted)
    # Points alone: an image that was made from bytes has no info, tags or profile to hand on.
    return Image.frombytes(plain.mode, plain.size, plain.tobytes())


def _to_srgb(image: Image.Image, wanted: str) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
            return (converted or image).convert(wanted)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that does not read changes no colours
    return image.convert(wanted)


def _write(frames: list[Image.Image], written_as: str) -> bytes:
    buffer, options = io.BytesIO(), {**_OPTIONS[written_as]}
    if len(frames) > 1 and written_as in _SEVERAL:
        options |= {"save_all": True, "append_images": frames[1:]}
    first = frames[0]
    if written_as == "JPEG" and first.mode == "RGBA":
        first = first.convert("RGB")
    first.save(buffer, written_as, **options)
    return buffer.getvalue()

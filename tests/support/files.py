"""Files to attach, each with something in it that tells of its maker."""

import io
import os

import pikepdf
from PIL import Image

ORIENTATION, MAKER, PLACE = 0x0112, 0x010F, 0x8825


def photo(maker: str = "Fictional Cameras", size: tuple[int, int] = (400, 300), kind: str = "JPEG") -> bytes:
    """Return a picture that lies on its side, with the maker and a place in its EXIF."""
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = maker, 6
    exif.get_ifd(PLACE)[1] = "N"
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(buffer, kind, exif=exif)
    return buffer.getvalue()


def pdf(author: str = "Fictional Author") -> bytes:
    """Return a page with a photo in it, and the author's name in every place that PDF has for it."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(300, 400))
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = [author]
    document.docinfo["/Author"] = author
    document.attachments["notes.txt"] = author.encode()
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{author}')")
    page = document.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=_picture(document, author)))
    page.Contents = pikepdf.Stream(document, b"q 200 0 0 200 50 100 cm /I Do Q")
    remark = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, T=author, Contents="Here.", Rect=[0, 0, 10, 10]
    )
    page.Annots = pikepdf.Array([document.make_indirect(remark)])
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _picture(document: pikepdf.Pdf, author: str) -> pikepdf.Stream:
    stream = pikepdf.Stream(document, photo(author))
    for key, value in {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": 400,
        "/Height": 300,
        "/ColorSpace": pikepdf.Name.DeviceRGB,
        "/BitsPerComponent": 8,
        "/Filter": pikepdf.Name.DCTDecode,
    }.items():
        stream[key] = value
    return stream


def unpacked(content: bytes) -> bytes:
    """Return a PDF with nothing compressed, so that what is in it can be searched for."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(
            buffer,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return buffer.getvalue()


def recording(size_bytes: int = 100_000) -> bytes:
    """Return what begins as an MP3 file does."""
    return b"ID3\x04\x00\x00\x00\x00\x00\x00" + os.urandom(size_bytes - 10)

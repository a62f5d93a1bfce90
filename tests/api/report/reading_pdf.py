"""What a PDF says as its marks tell: a text that stands in for shapes (ActualText) is read in their stead."""

import io
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.utils import decode_text

__all__ = ["said"]


class _Listening(PDFTextDevice):
    """Keeps what stands in for shapes, and shapes for which nothing stands in."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.heard: list[str] = []
        self.stand_ins: list[bool] = []

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        text = props.get("ActualText") if isinstance(props, dict) else None
        self.stand_ins.append(text is not None)
        if text is not None:
            self.heard.append(decode_text(text))

    def end_tag(self) -> None:
        self.stand_ins.pop()

    def render_char(self, *shape: Any) -> float:
        _, font, size, scaling, _, cid, *_ = shape
        if not any(self.stand_ins):
            try:
                self.heard.append(font.to_unichr(cid))
            except PDFUnicodeNotDefined:
                self.heard.append("\ufffd")
        width: float = font.char_width(cid) * size * scaling
        return width


def said(pdf: bytes) -> str:
    """The letters in the order in which they are set: from left to right in every language."""
    resources = PDFResourceManager()
    listening = _Listening(resources)
    interpreter = PDFPageInterpreter(resources, listening)
    for page in PDFPage.get_pages(io.BytesIO(pdf)):
        interpreter.process_page(page)
    return "".join(listening.heard)

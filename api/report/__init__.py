"""What a programme did in a year or another span, as a page: text, JSON, a Word document or a PDF, in six languages.

``report_of`` asks the graph; the rest sets what it found, and asks nothing.
"""

from api.report.docx import as_docx
from api.report.errors import CannotSet, NoFonts, ReportError
from api.report.page import MOST_LISTED, Entry, Report, Section, Statement, report_of
from api.report.pdf import as_pdf
from api.report.telling import as_text

__all__ = [
    "MOST_LISTED",
    "CannotSet",
    "Entry",
    "NoFonts",
    "Report",
    "ReportError",
    "Section",
    "Statement",
    "as_docx",
    "as_pdf",
    "as_text",
    "report_of",
]

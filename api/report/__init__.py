"""What a programme did in a span, or plans for one, as a page: text, JSON, a Word document or a PDF, in six languages.

``report_of`` and ``plan_of`` ask the graph; the rest sets what they found, and asks nothing.
"""

from api.report.docx import as_docx
from api.report.entries import Entry
from api.report.errors import CannotSet, NoFonts, ReportError
from api.report.page import MOST_LISTED, Report, Section, Statement, following, report_of
from api.report.pdf import as_pdf
from api.report.planned import plan_of
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
    "following",
    "plan_of",
    "report_of",
]

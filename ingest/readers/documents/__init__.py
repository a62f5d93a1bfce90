"""Readers of documents: PDF, Word, PowerPoint, OpenDocument and HTML, one module for each.

Each gives one document whose paragraphs know their page, slide or heading. They believe what a file says of itself
(its title, its date, its language) only as far as the text bears it out, and take nobody's name from an author's.
"""

__all__: list[str] = []

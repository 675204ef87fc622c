"""What the field knows about letters to prisoners: placeholders, letter templates, address blocks, first guidance.

Pure: values in, values out. Nothing in this room keeps what a sponsor writes.
"""

from app.letters.address import Addressee, address_lines, envelope_lines
from app.letters.guidance import AVOID, MAIL_ACCESS, PROMPTS, WRITE
from app.letters.names import given_name
from app.letters.placeholders import DECLARED, GAP, Placeholder, has_gap
from app.letters.templates import (
    BESIDE,
    LETTER_LANGUAGES,
    TEMPLATES,
    LetterTemplate,
    problems_of,
    template_called,
)
from app.placeholders import UnknownPlaceholder, fill

__all__ = [
    "AVOID",
    "BESIDE",
    "DECLARED",
    "GAP",
    "LETTER_LANGUAGES",
    "MAIL_ACCESS",
    "PROMPTS",
    "TEMPLATES",
    "WRITE",
    "Addressee",
    "LetterTemplate",
    "Placeholder",
    "UnknownPlaceholder",
    "address_lines",
    "envelope_lines",
    "fill",
    "given_name",
    "has_gap",
    "problems_of",
    "template_called",
]

"""Files that cannot be read as a resume."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class ResumeNotFound(VivaError):
    """A resume was asked for that is not stored, or is another candidate's."""

    resume_id: str

    def __str__(self) -> str:
        """Says how to send one."""
        return f"There is no resume '{self.resume_id}' of yours. POST /v1/resumes stores one."


@dataclass
class ResumeTooLarge(VivaError):
    """A resume file has more bytes than are read."""

    limit_bytes: int
    size_bytes: int

    def __str__(self) -> str:
        """Says the limit and how to get below it."""
        return (
            f"The resume file has {self.size_bytes:,} bytes; the limit is {self.limit_bytes:,}. "
            "Export it again without pictures, or upload it as text or Markdown."
        )


@dataclass
class ResumeTooManyPages(VivaError):
    """A resume has more pages than are read."""

    limit: int
    pages: int

    def __str__(self) -> str:
        """Says the limit."""
        return f"The resume has {self.pages} pages; the limit is {self.limit}. Upload a shorter version."


@dataclass
class ResumeEncrypted(VivaError):
    """A resume file opens with a password only."""

    def __str__(self) -> str:
        """Says how to get a readable file."""
        return "The resume is protected with a password. Save a copy without a password and upload that."


@dataclass
class ResumeWithoutText(VivaError):
    """A resume holds pictures of text: a scan or a photo."""

    def __str__(self) -> str:
        """Says what can be read."""
        return (
            "No text was found in the resume; it seems to be a scan or a picture. "
            "Export it from the program that wrote it, or upload it as DOCX, Markdown or text."
        )


@dataclass
class ResumeUnreadable(VivaError):
    """A resume file is damaged, or is not what it claims to be."""

    why: str
    """A clause without a full stop, safe to show."""

    def __str__(self) -> str:
        """Says why, and what usually helps."""
        return f"The resume could not be read: {self.why}. Save or export it again, or upload it as text or Markdown."


@dataclass
class ResumeTypeUnsupported(VivaError):
    """A file of a type that is not read as a resume."""

    media_type: str

    def __str__(self) -> str:
        """Names the types that are."""
        return (
            f"A file of type '{self.media_type}' cannot be read as a resume. "
            "Upload PDF, DOCX, Markdown, plain text or JSON Resume."
        )


@dataclass
class ResumeTooSlow(VivaError):
    """Reading a resume took longer than allowed and was stopped."""

    limit_s: float

    def __str__(self) -> str:
        """Says the limit and a way around it."""
        return (
            f"The resume could not be read within {self.limit_s:g} seconds. "
            "Export it again with fewer pictures and drawings, or upload it as text or Markdown."
        )


@dataclass
class ResumeEmpty(VivaError):
    """A resume file without a visible character."""

    def __str__(self) -> str:
        """Says what to check."""
        return "The resume is empty. Check that the right file was chosen, and upload it again."

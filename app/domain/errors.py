"""What can go wrong, in the words of the field. No HTTP here: `api/problems.py` has one row for each class."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class VivaError(Exception):
    """Base of all expected errors. `str(error)` says what to do and is safe to show."""

    def __str__(self) -> str:
        """The message for the person who meets it."""
        return self.__doc__ or type(self).__name__


@dataclass
class RoundUnknown(VivaError):
    """A round was asked for that the corpus has no material for."""

    round: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        """Names the rounds there are."""
        return f"There is no round '{self.round}'. Choose from: {', '.join(self.known)}."


@dataclass
class RoleUnknown(VivaError):
    """A role was asked for that the corpus does not describe."""

    role: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        """Names the roles there are."""
        return f"There is no role '{self.role}'. Choose from: {', '.join(self.known)}."


@dataclass
class CompanyUnknown(VivaError):
    """A company was asked for that the corpus does not describe."""

    company: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        """Names the companies there are."""
        return f"There is no company '{self.company}'. Leave it out, or choose from: {', '.join(self.known)}."


@dataclass
class QuestionUnknown(VivaError):
    """A question was asked for that the corpus does not hold."""

    question_id: str

    def __str__(self) -> str:
        """Says where ids are listed."""
        return f"There is no question '{self.question_id}'. GET /v1/catalog/questions lists them."


@dataclass
class PlanImpossible(VivaError):
    """The corpus has nothing that fits the wish."""

    role: str
    seniority: str

    def __str__(self) -> str:
        """Says what to change."""
        return f"No question fits a {self.seniority} {self.role} in the chosen rounds. Choose other rounds or leave them out."


@dataclass
class LoopNotFound(VivaError):
    """There is no such loop, or it is another candidate's."""

    loop_id: str

    def __str__(self) -> str:
        """Names the loop."""
        return f"There is no loop '{self.loop_id}'. GET /v1/loops lists yours."


@dataclass
class LoopUnknown(VivaError):
    """No guide tells which interviews the company holds, or it tells of none with that name."""

    company: str
    known: tuple[str, ...]
    """Companies with a loop, or the interviews of this one's."""

    def __str__(self) -> str:
        """Names what can be chosen."""
        return f"'{self.company}' has no such loop. There are: {', '.join(self.known)}."


@dataclass
class PlanInvalid(VivaError):
    """An edited plan that cannot be held."""

    reason: str

    def __str__(self) -> str:
        """Says what is wrong with it."""
        return f"This plan cannot be held: {self.reason}."


@dataclass
class InterviewClosed(VivaError):
    """A turn or a change was sent to an interview that is over."""

    interview_id: str

    def __str__(self) -> str:
        """Says what still works."""
        return "This interview is closed. Its transcript and its report can be read; start a new interview to go on."


@dataclass
class InterviewNotOpen(VivaError):
    """A turn was sent to an interview that has not begun."""

    interview_id: str

    def __str__(self) -> str:
        """Says how to begin."""
        return "This interview is planned and has not begun. POST /v1/interviews/{id}/open begins it."


@dataclass
class InterviewAlreadyOpen(VivaError):
    """The plan of an interview that has begun was to be changed."""

    interview_id: str

    def __str__(self) -> str:
        """Says what to do instead."""
        return "This interview has begun, so its plan is fixed. Start a new one with 'start': false to edit its plan first."


@dataclass
class NothingToPractise(VivaError):
    """A drill was asked for and there is nothing to drill."""

    def __str__(self) -> str:
        """Says what fills the queue."""
        return (
            "There is nothing to practise: what your closed interviews missed is learned, or not due again. "
            "Sit an interview, or name items that are not due."
        )


@dataclass
class PracticeItemNotFound(VivaError):
    """A criterion that is none of the candidate's items."""

    question_id: str
    criterion_id: str

    def __str__(self) -> str:
        """Says where items are listed."""
        if not self.criterion_id:
            return f"Nothing of {self.question_id} is in your queue. GET /v1/practice/queue lists what there is."
        return (
            f"'{self.criterion_id}' of {self.question_id} was never missed in one of your closed interviews, "
            "or is gone from the corpus. GET /v1/practice/queue lists what there is."
        )


@dataclass
class NothingToCompare(VivaError):
    """There is no earlier score to set beside this one."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says what would make it possible."""
        return (
            f"{self.question_id} was not scored in an earlier closed interview, or not in the one that was named. "
            "Ask it again with POST .../retry, and compare when both are scored."
        )


@dataclass
class StudyPlanNotFound(VivaError):
    """The candidate has no study plan."""

    def __str__(self) -> str:
        """Says how to make one."""
        return "There is no study plan. PUT /v1/practice/plan makes one."


@dataclass
class StudyPlanInvalid(VivaError):
    """A study plan that cannot be made or kept."""

    reason: str

    def __str__(self) -> str:
        """Says what is wrong with it."""
        return f"This study plan cannot be kept: {self.reason}."


@dataclass
class ReplyPending(VivaError):
    """A turn was sent while the interviewer's reply to the one before is still being written."""

    interview_id: str
    seq: int

    def __str__(self) -> str:
        """Says what to wait for."""
        return (
            f"The interviewer is still answering turn {self.seq}. Wait for its 'turn.completed' "
            f"(GET /v1/interviews/{{id}}/turns/{self.seq}/events), then send yours."
        )


@dataclass
class TurnOutOfDate(VivaError):
    """A turn answers words that are no longer the interviewer's last: another tab was faster."""

    interview_id: str
    in_reply_to: int
    last_seq: int

    def __str__(self) -> str:
        """Says what to read first."""
        return (
            f"Your answer is to turn {self.in_reply_to}, but the interview is at turn {self.last_seq}. "
            "Read the new turns, then answer the last question. Nothing of yours was lost or stored twice."
        )


@dataclass
class TurnTooLong(VivaError):
    """An answer longer than anyone says aloud."""

    limit_characters: int
    characters: int

    def __str__(self) -> str:
        """Says the limit."""
        return f"The answer has {self.characters} characters; the limit is {self.limit_characters}. Send the part that matters."


@dataclass
class TurnEmpty(VivaError):
    """An answer without a visible character."""

    def __str__(self) -> str:
        """Says what to send."""
        return "The answer is empty. Write something, or ask for a hint, a moment to think, or the question again."


@dataclass
class PauseNotAllowed(VivaError):
    """The clock of an exam cannot be stopped."""

    interview_id: str

    def __str__(self) -> str:
        """Says where it can."""
        return "Only an open practice interview can be paused. In an exam the clock runs on."


@dataclass
class CandidateNotFound(VivaError):
    """A candidate was asked for that is not stored."""

    candidate_id: str

    def __str__(self) -> str:
        """Says what may have happened."""
        return f"There is no candidate '{self.candidate_id}'. It may have been deleted."


@dataclass
class InterviewNotFound(VivaError):
    """An interview was asked for that is not stored, or is another candidate's."""

    interview_id: str

    def __str__(self) -> str:
        """Says where one's own are listed."""
        return f"There is no interview '{self.interview_id}' of yours. GET /v1/interviews lists them."


@dataclass
class ResumeNotFound(VivaError):
    """A resume was asked for that is not stored, or is another candidate's."""

    resume_id: str

    def __str__(self) -> str:
        """Says how to send one."""
        return f"There is no resume '{self.resume_id}' of yours. POST /v1/resumes stores one."


@dataclass
class TurnNotFound(VivaError):
    """A turn was asked for that its interview does not have."""

    interview_id: str
    turn: str
    """The id or the seq that was asked for."""

    def __str__(self) -> str:
        """Says where the turns are listed."""
        return f"This interview has no turn '{self.turn}'. GET /v1/interviews/{{id}}/turns lists them."


@dataclass
class TableNotFound(VivaError):
    """A table was asked for of a turn that shows none."""

    interview_id: str
    seq: int

    def __str__(self) -> str:
        """Says where tables stand."""
        return f"Turn {self.seq} shows no table. A turn that does has it as 'table' in GET /v1/interviews/{{id}}/turns."


@dataclass
class KeyNotFound(VivaError):
    """An API key was named that is not stored, or is another candidate's."""

    key_id: str

    def __str__(self) -> str:
        """Says what may have happened."""
        return f"There is no API key '{self.key_id}' of this candidate."


@dataclass
class InterviewChanged(VivaError):
    """An interview was to be stored over a version that someone else has replaced."""

    interview_id: str
    expected: int
    found: int

    def __str__(self) -> str:
        """Says what to read first."""
        return (
            f"This interview was changed meanwhile: it is at version {self.found}, not {self.expected}. "
            "Read it again, then repeat the change. Nothing was stored."
        )


@dataclass
class TurnOutOfOrder(VivaError):
    """A turn was to be stored at a place that is taken, or that would leave a gap."""

    interview_id: str
    seq: int

    def __str__(self) -> str:
        """Says what to read first."""
        return f"Turn {self.seq} is not the next one of this interview. Read its turns, then answer the last question."


@dataclass
class DuplicateRequest(VivaError):
    """A turn was to be stored under an idempotency key that already has one; the stored turn is the result."""

    interview_id: str
    key: str
    seq: int
    """Of the turn that is stored under the key."""

    def __str__(self) -> str:
        """Says where the first result is."""
        return f"This request was stored before, as turn {self.seq}. Read that turn; nothing was stored twice."


@dataclass
class IdempotencyConflict(VivaError):
    """An idempotency key came again with another body."""

    key: str

    def __str__(self) -> str:
        """Says how to go on."""
        return "This Idempotency-Key was used before for another text. Send a new key with a new text."


@dataclass
class LeaseLost(VivaError):
    """Work was finished or prolonged by one who no longer holds it: the lease ran out, or the interview was deleted."""

    work: str
    """`reply` or `assessment`."""
    work_id: str
    owner: str

    def __str__(self) -> str:
        """Says that nothing was stored."""
        return f"The lease on {self.work} {self.work_id} is no longer held, so its result was not stored."


@dataclass
class TextUnstorable(VivaError):
    """A text holds a character that no database here can keep."""

    character: str
    """Its code point: `U+0000`, or a lone surrogate such as `U+D83D`."""

    def __str__(self) -> str:
        """Says what to remove."""
        return f"The text holds {self.character}, a character that cannot be stored. Remove it and send the text again."


@dataclass
class StoreBusy(VivaError):
    """The database was locked for longer than the store waits, or chose this transaction to give way."""

    def __str__(self) -> str:
        """Says to try again."""
        return "The database is busy. Nothing was stored by this request; send it again in a moment."


@dataclass
class StoreUnavailable(VivaError):
    """The database cannot be used."""

    reason: str
    """In our words, without address, user or password."""

    def __str__(self) -> str:
        """Says why, and what the operator can do."""
        return f"The database cannot be used: {self.reason}."


@dataclass
class StoreUrlInvalid(VivaError):
    """The address of the database is none that Viva can use."""

    reason: str

    def __str__(self) -> str:
        """Shows the two forms there are."""
        return (
            f"The database URL cannot be used: {self.reason}. "
            "Give sqlite:///path/to/viva.db, or postgresql://user:password@host/name."
        )


@dataclass
class SchemaUnknown(VivaError):
    """The database was built by a newer version of Viva."""

    found: str

    def __str__(self) -> str:
        """Says what to install."""
        return (
            f"The database was built by a newer version of Viva (its schema is '{self.found}'). Install that version."
        )


@dataclass
class ReplyFailed(VivaError):
    """The interviewer's reply could not be written for a reason of ours."""

    interview_id: str
    seq: int

    def __str__(self) -> str:
        """Says that nothing was lost and what to do."""
        return f"The reply to turn {self.seq} could not be written. Your answer is stored: send it again with the same key to go on."


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


@dataclass
class SettingsInvalid(VivaError):
    """Viva cannot start with these settings."""

    problems: tuple[str, ...]

    def __str__(self) -> str:
        """One line a problem."""
        return "These settings cannot be used:\n" + "\n".join(f"  {problem}" for problem in self.problems)


@dataclass
class OriginRefused(VivaError):
    """A page of another site tried to change something here."""

    origin: str

    def __str__(self) -> str:
        """Names the page's origin, as its browser told it."""
        said = self.origin or "a page that does not say where it is from"
        return f"Nothing was changed: the request was sent by {said}. Use Viva's own pages, or send a key as a header."


@dataclass
class HostRefused(VivaError):
    """A server without keys was called by a name that is not this machine's own."""

    host: str

    def __str__(self) -> str:
        """Says which names there are."""
        return f"This server answers on this machine only, and not as '{self.host}'. Use http://127.0.0.1 or http://localhost."


@dataclass
class KeyInvalid(VivaError):
    """A request without an API key, or with one that is not valid."""

    def __str__(self) -> str:
        """Says which header is needed."""
        return "This server needs an API key: send 'Authorization: Bearer <key>'. 'viva key create' makes one."


@dataclass
class NotReady(VivaError):
    """The service has started and cannot work yet, or no longer."""

    reasons: tuple[str, ...]

    def __str__(self) -> str:
        """Says what is missing."""
        return "Not ready: " + "; ".join(self.reasons) + "."


@dataclass
class IndexMissing(VivaError):
    """Nothing can be searched: the index was never built, or a build never finished."""

    place: str
    """The folder or the address where it was looked for, without credentials."""

    def __str__(self) -> str:
        """Says how to build it."""
        return f"There is no index of passages in {self.place}. Run 'viva ingest' to build it."


@dataclass
class IndexStale(VivaError):
    """The index holds another state of the corpus than the files do."""

    expected: str
    """Hash of the corpus as it is."""
    found: str
    """Hash of the corpus that was indexed."""

    def __str__(self) -> str:
        """Says how to bring it up to date."""
        return (
            f"The corpus has changed since it was indexed (now {self.expected[:12]}, in the index {self.found[:12]}). "
            "Run 'viva ingest' to bring the index up to date."
        )


@dataclass
class IndexMismatch(VivaError):
    """The index was built by another embedding model or chunker, so that its distances would mean nothing."""

    part: str
    """embedder, dimension, normalisation or chunker."""
    expected: str
    found: str

    def __str__(self) -> str:
        """Says how to rebuild it."""
        return (
            f"The index was built with the {self.part} '{self.found}', but '{self.expected}' is in use. "
            "Run 'viva ingest' to rebuild the index, or set the retrieval settings back."
        )


@dataclass
class IndexLocked(VivaError):
    """Another process has the embedded index open; two on one folder would corrupt it."""

    folder: str
    holder: str
    """What the other process wrote about itself; may be empty."""

    def __str__(self) -> str:
        """Says how to go on."""
        holder = f" ({self.holder})" if self.holder else ""
        return (
            f"The index in {self.folder} is in use by another process{holder}. "
            "Stop it first, or run a Chroma server and point every process at it."
        )


@dataclass
class IndexUnavailable(VivaError):
    """The Chroma server does not answer."""

    place: str

    def __str__(self) -> str:
        """Says what to check."""
        return f"The Chroma server at {self.place} does not answer. Check that it runs and that its address is right."


@dataclass
class EmbedderUnavailable(VivaError):
    """The embedding model cannot be used."""

    model: str
    reason: str
    """In our words: not installed, not on this machine, or other weights than the published ones."""

    def __str__(self) -> str:
        """Says what to change."""
        return (
            f"The embedding model '{self.model}' cannot be used: {self.reason}. "
            "Install it again, allow its download, or name another in the retrieval settings and run 'viva ingest'."
        )


@dataclass
class ReportNotYet(VivaError):
    """The report of an exam was asked for while it is still going on."""

    interview_id: str

    def __str__(self) -> str:
        """Says when it can be read."""
        return "The report of an exam can be read once the interview is closed."


@dataclass
class ExamStillOpen(VivaError):
    """Rubrics were asked for, by way of a judgement, by somebody who sits an exam."""

    interview_id: str

    def __str__(self) -> str:
        """Says what to do first."""
        return f"Interview '{self.interview_id}' is an exam and still open: its rubrics stay closed. Close it, then ask again."


@dataclass
class InterviewStillOpen(VivaError):
    """An interview was to be scored again, or shown by a link, that is not over."""

    interview_id: str

    def __str__(self) -> str:
        """Says when it can be."""
        return "This interview is not closed yet. It can be scored again, and shown by a link, once it is closed."


@dataclass
class ScoreNotYet(VivaError):
    """An appeal against a question that has no score."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says what to wait for."""
        return (
            f"'{self.question_id}' has no score in this interview. Wait until its report shows one, then appeal; "
            "a question that was not asked has none."
        )


@dataclass
class ScoreChanged(VivaError):
    """A question was scored anew while its appeal or its re-scoring was being decided."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says that nothing was stored."""
        return f"The score of '{self.question_id}' changed meanwhile. Nothing was stored; read it again and repeat."


@dataclass
class CriterionUnknown(VivaError):
    """An appeal names a criterion that the question's score does not have."""

    question_id: str
    criterion_id: str

    def __str__(self) -> str:
        """Says where they are listed."""
        return (
            f"The score of '{self.question_id}' has no criterion '{self.criterion_id}'. "
            "The report lists each question's criteria with their ids."
        )


@dataclass
class CriterionChanged(VivaError):
    """An appeal against a criterion that reads otherwise, or is gone, since the question was scored."""

    question_id: str
    criterion_id: str

    def __str__(self) -> str:
        """Says what helps."""
        return (
            f"The rubric of '{self.question_id}' has changed since it was scored, and '{self.criterion_id}' with it. "
            "Once the interview is scored again ('viva rescore'), appeal against what the new score says."
        )


@dataclass
class AppealNotNeeded(VivaError):
    """An appeal against a criterion that is credited already."""

    question_id: str
    criterion_id: str

    def __str__(self) -> str:
        """Says why there is nothing to decide."""
        return f"'{self.criterion_id}' of '{self.question_id}' is credited already. Appeal against what is not."


@dataclass
class AppealInvalid(VivaError):
    """The marked words are none that can be judged."""

    reason: str
    """A clause without a full stop, safe to show."""

    def __str__(self) -> str:
        """Says what is wrong with them, and what to mark."""
        return (
            f"These words cannot be judged: {self.reason}. "
            "Mark two words or more of one of your own answers to this question, by their place in the turn's text."
        )


@dataclass
class AppealsSpent(VivaError):
    """As many appeals were raised in an interview as are heard."""

    limit: int

    def __str__(self) -> str:
        """Says the limit."""
        return f"{self.limit} appeals were heard in this interview, and no more are. They are listed with reasons."


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the corpus that has to be, or should be, repaired."""

    file: str
    """Path below the corpus's root; empty where it is about the corpus as a whole."""
    key: str
    """Where in the file: `criteria[right-count].value`; empty for the file as a whole."""
    says: str
    do: str
    """What to do about it."""
    severity: str = "error"
    """`error`, or `thin`: it works and is worth more material."""

    def __str__(self) -> str:
        """One line: place, what is wrong, what to do."""
        place = ": ".join(part for part in (self.file, self.key) if part)
        return f"{place or 'corpus'}: {self.says}. {self.do}."


@dataclass
class AnnotationNotFound(VivaError):
    """An annotation was asked for that the interview does not have."""

    annotation_id: str

    def __str__(self) -> str:
        """Says where they are listed."""
        return f"This interview has no annotation '{self.annotation_id}'. GET .../annotations lists those that it has."


@dataclass
class OverrideNotFound(VivaError):
    """An override was asked for that the interview does not have."""

    override_id: str

    def __str__(self) -> str:
        """Says where they are listed."""
        return f"This interview has no override '{self.override_id}'. GET .../overrides lists those that it has."


@dataclass
class ShareNotFound(VivaError):
    """A link that is wrong, expired, revoked, or of something that is gone: to a stranger they are all alike."""

    def __str__(self) -> str:
        """Says no more than that it opens nothing."""
        return (
            "This link opens nothing: it is wrong, or it is not open any more. Ask whoever gave it to you for another."
        )


@dataclass
class PlaceInvalid(VivaError):
    """Words were marked that are no place in a turn."""

    reason: str

    def __str__(self) -> str:
        """Says what is wrong with the place."""
        return (
            f"These words cannot be marked: {self.reason}. Mark a place of a turn of this interview, start before end."
        )


@dataclass
class TooMany(VivaError):
    """Something is kept in numbers, and there are as many as may be."""

    what: str
    limit: int

    def __str__(self) -> str:
        """Says how many there may be."""
        return f"There are {self.limit} {self.what} already, and no more are kept. Delete some that you need no longer."


@dataclass
class DataInvalid(VivaError):
    """A document of somebody's data does not hold together."""

    place: str
    """Where in the document: `turns[3].spans`."""
    says: str

    def __str__(self) -> str:
        """Says where, and what is wrong there."""
        return f"This document of your data cannot be read at {self.place}: {self.says}. Nothing was stored."


@dataclass
class DataVersionUnknown(VivaError):
    """A document of somebody's data is of another kind than is read."""

    found: str
    known: str

    def __str__(self) -> str:
        """Says what is read."""
        return f"This document is '{self.found}', and this Viva reads '{self.known}'. Nothing was stored."


@dataclass
class CorpusInvalid(VivaError):
    """The corpus cannot be used as it is written."""

    problems: tuple[Fault, ...]

    def __str__(self) -> str:
        """Lists every fault with its place and its remedy."""
        count = f"{len(self.problems)} fault{'' if len(self.problems) == 1 else 's'}"
        title = f"The corpus has {count}. Repair the files, then run 'viva material check'."
        return "\n".join([title, *(f"- {fault}" for fault in self.problems)])


@dataclass
class TrainingDataMissing(VivaError):
    """Something that the training of the scorer needs is not there."""

    what: str
    remedy: str

    def __str__(self) -> str:
        """Says what, and how to get it."""
        return f"{self.what} is not there. {self.remedy}"


@dataclass
class LinesInvalid(VivaError):
    """A file of JSON lines cannot be used as it is written."""

    file: str
    line: int
    """From 1."""
    says: str

    def __str__(self) -> str:
        """Says where and what."""
        return f"{self.file}, line {self.line}: {self.says}. Repair the line and run it again; nothing was written."


@dataclass
class IndexDamaged(VivaError):
    """The files of the embedded index cannot be read."""

    folder: str

    def __str__(self) -> str:
        """Says how to make it anew."""
        return (
            f"The index in {self.folder} is damaged. Nothing is lost, since it is made from the corpus: "
            "delete the folder and run 'viva ingest'."
        )


@dataclass
class TranscriptTooLarge(VivaError):
    """A conversation from elsewhere is larger than is read."""

    what: str
    """What there is too much of: bytes, turns, or characters in a turn."""
    limit: int
    found: int

    def __str__(self) -> str:
        """Says the limit."""
        return f"The transcript has {self.found:,} {self.what}; the limit is {self.limit:,}. Send it in parts."


@dataclass
class TranscriptInvalid(VivaError):
    """A conversation from elsewhere cannot be read as turns."""

    place: str
    """`line 3` of a text, or `turn 3` of a list."""
    says: str

    def __str__(self) -> str:
        """Says where and what."""
        return f"The transcript cannot be read at {self.place}: {self.says}."


@dataclass
class ForeignRubricInvalid(VivaError):
    """A rubric from elsewhere does not have the form that is read."""

    place: str
    """Path to the fault: `dimensions.0.levels`; empty for the file as a whole."""
    says: str

    def __str__(self) -> str:
        """Says where and what, and shows the form."""
        at = f" at {self.place}" if self.place else ""
        return (
            f"The rubric cannot be used{at}: {self.says}. Give dimensions, each with id, name and two to ten levels, "
            "each with level and text."
        )


@dataclass
class SandboxNotInstalled(VivaError):
    """The packages that candidates' Python runs in are not there, or in other versions."""

    packages: tuple[str, ...]

    def __str__(self) -> str:
        """Says how to get them."""
        return f"Python cannot be run here without {' and '.join(self.packages)}. Install Viva's packages anew."


@dataclass
class SandboxNotPrepared(VivaError):
    """The Python that candidates' code runs in has not been compiled on this machine yet."""

    preparing: bool
    """Whether that is under way."""

    def __str__(self) -> str:
        """Says whether to wait or what to run."""
        if self.preparing:
            return "The Python that your code runs in is being compiled, about two minutes once. Try again then."
        return "The Python that code runs in is not compiled yet. Run 'viva sandbox --prepare', about two minutes once."


@dataclass
class SandboxBroken(VivaError):
    """The sandbox did not start, so that nothing was run."""

    reason: str

    def __str__(self) -> str:
        """Says why and what to try."""
        return (
            f"The sandbox could not start, and the code was not run: {self.reason}. Try again; if it stays, delete the "
            "folder 'sandbox' in the data folder and run 'viva sandbox --prepare'."
        )


@dataclass
class CodeTooLong(VivaError):
    """A candidate's program is longer than is run."""

    limit_characters: int
    characters: int

    def __str__(self) -> str:
        """Says the limit."""
        return f"The code has {self.characters:,} characters; the limit is {self.limit_characters:,}. Shorten it."


@dataclass
class NotACodingQuestion(VivaError):
    """Code was to be run while the question is one for words."""

    interview_id: str

    def __str__(self) -> str:
        """Says what to do."""
        return "The question that is open now is not answered with code. Answer it in words; the plan says what comes."


@dataclass
class CodeEmpty(VivaError):
    """There is no code to run."""

    def __str__(self) -> str:
        """Says what to send."""
        return "There is no code to run. Send the whole program or query; the starter is a beginning."


@dataclass
class CodeRunPending(VivaError):
    """Code of this interview is running already."""

    interview_id: str

    def __str__(self) -> str:
        """Says to wait."""
        return "Your code is running already. Wait for its result: one run at a time."


@dataclass
class CodeRunsSpent(VivaError):
    """The visible tests were run as often as they are for one question."""

    limit_runs: int

    def __str__(self) -> str:
        """Says what can still be done."""
        return f"The tests have been run {self.limit_runs} times for this question, which is all. Send your code as your answer."


@dataclass
class ProblemUnknown(VivaError):
    """There is no coding problem of this name."""

    problem: str

    def __str__(self) -> str:
        """Says which."""
        return f"There is no coding problem '{self.problem}'. The problems are the folders of corpus/problems."


@dataclass
class InterviewerUnknown(VivaError):
    """A chat app asked for an interviewer that there is none of."""

    interviewer: str
    param: str = "model"

    def __str__(self) -> str:
        """Says what an id looks like."""
        return (
            f"There is no interviewer '{self.interviewer}'. GET /v1/models lists them; an id is viva/ROLE/LEVEL, such as "
            "viva/ml-engineer/mid, with /COMPANY after it where you want one."
        )


@dataclass
class ChatRequestInvalid(VivaError):
    """A chat request that no interview can be held with."""

    param: str
    """What is wrong in it, as in `messages[3]`."""
    reason: str

    def __str__(self) -> str:
        """Says what is wrong and what to send."""
        return f"{self.param}: {self.reason}"


def _go_on(interview_id: str) -> str:
    return f"To go on from the interviewer's last words, begin a new chat with: [interview {interview_id}]"


@dataclass
class HistoryAltered(VivaError):
    """A chat app sent a history that is not what was said in the interview."""

    interview_id: str
    """As the chat shows it, short."""
    message: int
    """Place in `messages`, from 0, of the first that does not fit."""

    def __str__(self) -> str:
        """Says what stands and how to go on."""
        return (
            f"messages[{self.message}] is not what was said in this interview. A transcript cannot be changed, and nothing "
            f"was stored now. Messages may be left out of the history, not edited. {_go_on(self.interview_id)}"
        )


@dataclass
class AnsweredOtherwise(VivaError):
    """A question was answered again, with other words: an edited message, or one that was sent before its reply was read."""

    interview_id: str
    """As the chat shows it, short."""
    seq: int
    """Of the stored answer."""

    def __str__(self) -> str:
        """Says what stands and how to go on."""
        return (
            f"This question was answered already, and the first answer counts; what you sent now was not stored. Take your "
            f"change back to see the reply to it. {_go_on(self.interview_id)}"
        )


@dataclass
class FeedbackNotYet(VivaError):
    """Feedback on a question that has no answer in the interview."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says what comes first."""
        return f"There is nothing to say on '{self.question_id}' yet: answer it first."


@dataclass
class ConfidenceTooLate(VivaError):
    """How sure somebody was is said after the marks were seen."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says why."""
        return f"The marks of '{self.question_id}' have been shown, so how sure you were can no longer be said."


@dataclass
class PassageUnknown(VivaError):
    """There is no passage of this id."""

    passage_id: str

    def __str__(self) -> str:
        """Says where to look."""
        return f"There is no passage '{self.passage_id}'. GET /v1/passages?q= searches those that there are."

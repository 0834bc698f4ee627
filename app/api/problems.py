"""Errors as RFC 9457 problem documents: one row for each class, one paragraph for each type in docs/api.md.

Source: RFC 9457, sections 3 and 3.2 (extension members).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain import errors
from app.domain.errors import VivaError
from app.llm import model as llm
from app.llm import weights
from app.prompting.library import PromptUnknown
from app.prompting.template import PromptBroken, PromptInputWrong

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
BASE = "https://viva.invalid/problems/"
"""Problem types are names, not addresses; docs/api.md has a paragraph for each."""


class Row(NamedTuple):
    """How an error class is answered."""

    status: int
    slug: str
    title: str


ROWS: Mapping[type[VivaError], Row] = {
    errors.InterviewNotFound: Row(404, "interview-not-found", "No such interview"),
    errors.ResumeNotFound: Row(404, "resume-not-found", "No such resume"),
    errors.TurnNotFound: Row(404, "turn-not-found", "No such turn"),
    errors.TableNotFound: Row(404, "table-not-found", "The turn shows no table"),
    errors.CandidateNotFound: Row(404, "candidate-not-found", "No such candidate"),
    errors.KeyNotFound: Row(404, "key-not-found", "No such API key"),
    errors.QuestionUnknown: Row(404, "question-unknown", "No such question"),
    errors.RoleUnknown: Row(422, "role-unknown", "Unknown role"),
    errors.CompanyUnknown: Row(422, "company-unknown", "Unknown company"),
    errors.RoundUnknown: Row(422, "round-unknown", "Unknown round"),
    errors.LoopNotFound: Row(404, "loop-not-found", "No such loop"),
    errors.LoopUnknown: Row(422, "loop-unknown", "No guide tells of this loop"),
    errors.PlanInvalid: Row(422, "plan-invalid", "The plan cannot be held"),
    errors.PlanImpossible: Row(422, "plan-impossible", "No question fits"),
    errors.InterviewClosed: Row(409, "interview-closed", "The interview is closed"),
    errors.InterviewNotOpen: Row(409, "interview-not-open", "The interview has not begun"),
    errors.InterviewAlreadyOpen: Row(409, "interview-already-open", "The interview has begun"),
    errors.InterviewChanged: Row(409, "interview-changed", "The interview was changed meanwhile"),
    errors.PauseNotAllowed: Row(409, "pause-not-allowed", "This interview cannot be paused"),
    errors.ExamStillOpen: Row(409, "exam-still-open", "An exam is still open"),
    errors.FeedbackNotYet: Row(409, "feedback-not-yet", "Nothing was answered yet"),
    errors.ConfidenceTooLate: Row(409, "confidence-too-late", "The marks have been shown"),
    errors.PassageUnknown: Row(404, "passage-unknown", "No such passage"),
    errors.ReportNotYet: Row(409, "report-not-yet", "The report comes after the exam"),
    errors.InterviewStillOpen: Row(409, "interview-still-open", "The interview is not closed"),
    errors.ScoreNotYet: Row(409, "score-not-yet", "The question has no score"),
    errors.ScoreChanged: Row(409, "score-changed", "The score was changed meanwhile"),
    errors.CriterionUnknown: Row(404, "criterion-unknown", "No such criterion"),
    errors.CriterionChanged: Row(409, "criterion-changed", "The criterion has changed since it was scored"),
    errors.AppealNotNeeded: Row(409, "appeal-not-needed", "The criterion is credited already"),
    errors.AppealInvalid: Row(422, "appeal-invalid", "The marked words cannot be judged"),
    errors.AppealsSpent: Row(409, "appeals-spent", "No more appeals are heard"),
    errors.AnnotationNotFound: Row(404, "annotation-not-found", "No such annotation"),
    errors.OverrideNotFound: Row(404, "override-not-found", "No such override"),
    errors.ShareNotFound: Row(404, "share-not-found", "The link opens nothing"),
    errors.PlaceInvalid: Row(422, "place-invalid", "The marked words are no place"),
    errors.TooMany: Row(409, "too-many", "No more are kept"),
    errors.DataInvalid: Row(422, "data-invalid", "The data cannot be read"),
    errors.DataVersionUnknown: Row(422, "data-version-unknown", "The data are of another version"),
    errors.NothingToPractise: Row(409, "nothing-to-practise", "There is nothing to practise"),
    errors.PracticeItemNotFound: Row(404, "practice-item-not-found", "No such item to practise"),
    errors.NothingToCompare: Row(409, "nothing-to-compare", "There is no earlier score"),
    errors.StudyPlanNotFound: Row(404, "study-plan-not-found", "No study plan"),
    errors.StudyPlanInvalid: Row(422, "study-plan-invalid", "The study plan cannot be kept"),
    errors.ReplyPending: Row(409, "reply-pending", "The interviewer is still answering"),
    errors.TurnOutOfDate: Row(409, "turn-out-of-date", "Another answer was faster"),
    errors.TurnOutOfOrder: Row(409, "turn-out-of-order", "Another answer was faster"),
    errors.DuplicateRequest: Row(409, "duplicate-request", "This request was stored before"),
    errors.IdempotencyConflict: Row(409, "idempotency-conflict", "The key was used for another text"),
    errors.LeaseLost: Row(409, "lease-lost", "The work was taken over"),
    errors.TurnTooLong: Row(413, "turn-too-long", "The answer is too long"),
    errors.TurnEmpty: Row(422, "turn-empty", "The answer is empty"),
    errors.TextUnstorable: Row(422, "text-unstorable", "The text holds a character that cannot be stored"),
    errors.ReplyFailed: Row(503, "reply-failed", "The reply could not be written"),
    errors.ResumeTooLarge: Row(413, "resume-too-large", "The resume file is too large"),
    errors.ResumeTooManyPages: Row(422, "resume-too-many-pages", "The resume has too many pages"),
    errors.ResumeEncrypted: Row(422, "resume-encrypted", "The resume is protected with a password"),
    errors.ResumeWithoutText: Row(422, "resume-without-text", "The resume has no text"),
    errors.ResumeUnreadable: Row(422, "resume-unreadable", "The resume cannot be read"),
    errors.ResumeTypeUnsupported: Row(415, "resume-type-unsupported", "This type of file is not read"),
    errors.ResumeTooSlow: Row(422, "resume-too-slow", "The resume took too long to read"),
    errors.ResumeEmpty: Row(422, "resume-empty", "The resume is empty"),
    errors.KeyInvalid: Row(401, "key-invalid", "An API key is needed"),
    errors.OriginRefused: Row(403, "origin-refused", "Sent by another site's page"),
    errors.HostRefused: Row(421, "host-refused", "Called by a name that is not this server's"),
    errors.NotReady: Row(503, "not-ready", "Not ready"),
    errors.StoreBusy: Row(503, "store-busy", "The database is busy"),
    errors.StoreUnavailable: Row(503, "store-unavailable", "The database cannot be used"),
    errors.StoreUrlInvalid: Row(500, "store-url-invalid", "The database's address cannot be used"),
    errors.SchemaUnknown: Row(500, "schema-unknown", "The database is newer than Viva"),
    llm.ModelError: Row(503, "model-failed", "The language model failed"),
    errors.IndexMissing: Row(503, "index-missing", "The index of passages is missing"),
    errors.IndexStale: Row(503, "index-stale", "The index of passages is out of date"),
    errors.IndexMismatch: Row(503, "index-mismatch", "The index of passages was built otherwise"),
    errors.IndexLocked: Row(503, "index-locked", "The index of passages is in use"),
    errors.IndexDamaged: Row(503, "index-damaged", "The index of passages is damaged"),
    errors.IndexUnavailable: Row(503, "index-unavailable", "The Chroma server does not answer"),
    errors.EmbedderUnavailable: Row(503, "embedder-unavailable", "The embedding model cannot be used"),
    errors.CorpusInvalid: Row(500, "corpus-invalid", "The corpus cannot be used"),
    errors.TrainingDataMissing: Row(422, "training-data-missing", "What the scorer's training reads is not there"),
    errors.LinesInvalid: Row(422, "lines-invalid", "A file of lines cannot be read"),
    errors.TranscriptTooLarge: Row(413, "transcript-too-large", "The transcript is too large"),
    errors.TranscriptInvalid: Row(422, "transcript-invalid", "The transcript cannot be read"),
    errors.ForeignRubricInvalid: Row(422, "rubric-invalid", "The rubric cannot be used"),
    errors.SandboxNotInstalled: Row(503, "sandbox-not-installed", "Python cannot be run here"),
    errors.SandboxNotPrepared: Row(503, "sandbox-not-prepared", "The sandbox is not compiled yet"),
    errors.SandboxBroken: Row(503, "sandbox-broken", "The sandbox could not start"),
    errors.CodeTooLong: Row(413, "code-too-long", "The code is too long"),
    errors.NotACodingQuestion: Row(409, "not-a-coding-question", "The question is not answered with code"),
    errors.CodeEmpty: Row(422, "code-empty", "There is no code"),
    errors.CodeRunPending: Row(409, "code-run-pending", "Code is running already"),
    errors.CodeRunsSpent: Row(409, "code-runs-spent", "No more runs for this question"),
    errors.ProblemUnknown: Row(404, "problem-unknown", "No such coding problem"),
    errors.InterviewerUnknown: Row(404, "interviewer-unknown", "No such interviewer"),
    errors.ChatRequestInvalid: Row(422, "chat-request-invalid", "No interview can be held with this request"),
    errors.HistoryAltered: Row(409, "history-altered", "The history is not what was said"),
    errors.AnsweredOtherwise: Row(409, "answered-otherwise", "The question was answered already"),
    PromptBroken: Row(500, "prompt-broken", "A prompt file cannot be used"),
    PromptUnknown: Row(500, "prompt-unknown", "No such prompt"),
    PromptInputWrong: Row(500, "prompt-input-wrong", "A prompt was given wrong inputs"),
    weights.WeightsMissing: Row(503, "weights-missing", "The weights are missing"),
    weights.WeightsCorrupt: Row(503, "weights-corrupt", "The weights are not the pinned file"),
    weights.WeightsDownloadFailed: Row(503, "weights-download-failed", "The weights could not be fetched"),
    errors.SettingsInvalid: Row(500, "settings-invalid", "Settings cannot be used"),
}


GENERIC: Mapping[int, Row] = {
    400: Row(400, "body-unreadable", "The body cannot be read"),
    404: Row(404, "not-found", "Not found"),
    405: Row(405, "method-not-allowed", "Method not allowed"),
    413: Row(413, "body-too-large", "The request is too large"),
    422: Row(422, "request-malformed", "The request is malformed"),
    500: Row(500, "internal-error", "Something went wrong"),
}
"""Refusals that no error class stands for."""


def row_of(error: type[VivaError]) -> Row:
    """The row of a class, or of the nearest class above it that has one; KeyError where none has."""
    for each in error.__mro__:
        if each in ROWS:
            return ROWS[each]
    raise KeyError(error.__name__)


def document(error: VivaError, instance: str = "") -> dict[str, Any]:
    """The problem document of an error: its typed fields are extension members."""
    row = row_of(type(error))
    fields = {field.name: getattr(error, field.name) for field in dataclasses.fields(error) if field.repr}
    return _document(row, str(error), instance, fields)


def _document(row: Row, detail: str, instance: str, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"type": BASE + row.slug, "title": row.title, "status": row.status, "detail": detail}
    if instance:
        body["instance"] = instance
    for name, value in (fields or {}).items():
        if name not in body and isinstance(value, str | int | float | bool | tuple | list):
            body[name] = [_plain(each) for each in value] if isinstance(value, tuple | list) else value
    return body


def _plain(value: object) -> object:
    """What JSON can hold; anything else as its words."""
    return value if isinstance(value, str | int | float | bool) else str(value)


def answer(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem document as a response."""
    return JSONResponse(dict(body), status_code=body["status"], media_type=MEDIA_TYPE, headers=dict(headers or {}))


def instance_of(request: Request) -> str:
    """Identifies this request in the logs."""
    return f"urn:uuid:{request.scope.get('request_id', '')}"


def install(app: FastAPI) -> None:
    """Every error of the application leaves as a problem document."""

    @app.exception_handler(VivaError)
    async def expected(request: Request, error: VivaError) -> Response:
        headers = {"Retry-After": "1"} if row_of(type(error)).status == 503 else {}
        if isinstance(error, errors.KeyInvalid):
            headers["WWW-Authenticate"] = "Bearer"
        return answer(document(error, instance_of(request)), headers)

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        row = GENERIC.get(error.status_code) or Row(error.status_code, "http-error", str(error.detail))
        detail = {
            400: f"Send JSON in UTF-8, or multipart/form-data where a file is sent. What was found: {error.detail}.",
            404: "There is nothing at this address. /docs lists what there is.",
            405: "This address does not take this method. /docs lists the methods.",
        }.get(error.status_code, str(error.detail))
        return answer(_document(row, detail, instance_of(request)), error.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        row = GENERIC[422]
        problems = [
            {"at": "/".join(str(part) for part in each["loc"]), "message": each["msg"]} for each in error.errors()
        ]
        named = "; ".join(f"{each['at']}: {each['message']}" for each in problems[:5])
        detail = f"Correct these and send it again: {named}"
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            # What curl sends by itself.
            detail += ". JSON needs the header 'Content-Type: application/json'"
        body = _document(row, detail, instance_of(request))
        return answer({**body, "errors": problems})

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        return _failed(request, error)


def _failed(request: Request, error: Exception) -> Response:
    """The edge of a request: what happened is in the log under the instance, and nowhere in the answer."""
    log.exception("request failed", path=request.url.path, error=type(error).__name__, exc_info=error)
    detail = "This is a fault of Viva. What you sent before is stored; try again, and quote the instance if it stays."
    return answer(_document(GENERIC[500], detail, instance_of(request)))


class Unexpected:
    """Answers what nobody expected where other middleware still sees the answer: Starlette's own place for it is outside of them all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            await _failed(Request(scope), error)(scope, receive, send)


class BodyLimit:
    """Refuses a body over the limit with a problem document; FastAPI's own refusal is plain text."""

    def __init__(self, app: ASGIApp, limit_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        """With `larger`, limits of their own for some paths."""
        self._app = app
        self._limit = limit_bytes
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, counting its bytes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], self._limit)
        seen = 0
        over = False
        started = False

        async def counted() -> Message:
            nonlocal seen, over
            if not over:
                message = await receive()
                seen += len(message.get("body", b""))
                over = seen > limit
            if over:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if over and not started:
                # FastAPI takes what `counted` raises for a body that it cannot read, and says so.
                return
            started = True
            await send(message)

        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > limit:
            await self._refuse(limit, scope, receive, send)
            return
        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if started:
                raise
        if over and not started:
            await self._refuse(limit, scope, receive, send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        row = GENERIC[413]
        body = _document(
            row,
            f"The limit is {limit} bytes.",
            f"urn:uuid:{scope.get('request_id', '')}",
            {"limit_bytes": limit},
        )
        await answer(body)(scope, receive, send)


class _TooLarge(Exception):
    pass

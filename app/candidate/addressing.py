"""Sentences of a resume that speak to whoever grades it, instead of about the candidate.

They are kept in the text and never obeyed; they only become no claim and no project. Work *about* such attacks is work.
"""

from __future__ import annotations

import re

from app.candidate.statements import LONGEST, sentences_in
from app.domain.sentences import Sentence

_GRADER = r"(?:ai|interviewer|grader|judge|evaluator|model|llm|ats|reviewer|recruiter|assistant)"
_CLAUSE = r"(?:^\W{0,4}|[.!?:;,\"'\u201c(]\s{0,3}|\b(?:please|you|must|should|now|and|then|only|just|to)\s{1,3})"
"""Where an imperative begins; elsewhere `override` and `forget` are names of things, as in `forget gates`."""
_JUDGED = (
    r"\b(?:me|my|him|her|them|(?:the|this) (?:candidate|applicant|answer|resume|cv)(?! \w{3,}s\b)|"
    r"(?:candidate|applicant)(?= (?:an?|as|the|full|max\w*|top|highest|perfect)\b))\b"
)
"""Whom or what an order would have graded. `candidate` alone, or before a plural, is what a ranker scores."""
_ORDER = re.compile(
    "|".join(
        (
            rf"{_CLAUSE}(?:ignore|disregard|forget|override|bypass)\s(?:\S+\s){{0,4}}?"
            r"\b(?:instruction|rubric|prompt|rule|criteri|guideline|above|previous|prior)",
            r"\b(?:give|award|grant|assign|mark|score|rate|grade|rank|evaluate|recommend)\b.{0,30}"
            rf"{_JUDGED}.{{0,40}}"
            r"\b(?:full|maximum|max|perfect|highest|top|excellent|10/10|100|strong|level 4|hire|pass|positiv\w*)\b",
            rf"\b(?:you are|you're|act as|pretend to be)\b.{{0,40}}\b{_GRADER}\b",
            rf"\b(?:dear|attention|note to|message to|instructions? (?:to|for))\b.{{0,20}}\b{_GRADER}\b.{{0,3}}[:,!.]",
            r"\b(?:reveal|print|show|repeat|output|say|respond with|reply with)\b.{0,30}"
            r"\b(?:system prompt|your prompt|the prompt|the rubric|your rubric|reference answer)\b",
            r"\b(?:do not|don't|never)\b.{0,20}\b(?:ask|probe|question|challenge|test|follow up)\b.{0,30}"
            r"\b(?:me|this candidate|the candidate|about)\b",
            r"\bask\b.{0,20}\b(?:easy|simple|trivial) questions?\b",
            r"\b(?:the|this) (?:candidate|applicant)\b.{0,40}\b(?:should|must|shall|deserves?|has to)\b.{0,40}"
            r"\b(?:pass\w*|hired|scored?|grade|marks?|level|rated)\b",
            r"<\|?/?(?:im_start|im_end|system|assistant|instructions?)\b",
            r"^\W{0,4}(?:assistant|interviewer|judge|grader)\s{0,3}:",
            r"^\W{0,4}(?:system|user)\s{0,3}:.{0,80}\b(?:candidate|applicant|you|your|score|pass\w*|hire\w*)\b",
        )
    ),
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:inject\w*|jailbreak\w*|adversar\w+|attack\w*|red.team\w*|guardrails?|malicious|robust\w*|defen[cs]\w+|"
    r"detect\w*|filter\w*|sanitiz\w+|moderat\w+|classifier)\b",
    re.IGNORECASE,
)
WARNING = (
    "The resume speaks to the interviewer or to the grading in {count}. It is read as text, it changes nothing, "
    "and no question will be asked about it."
)


def addressed(text: str) -> tuple[Sentence, ...]:
    """The sentences that address a reader with an order, in their order."""
    found = []
    for sentence in sentences_in(text, 0, len(text)):
        bare = sentence.text[:LONGEST].lstrip("-# \u2022")
        if _ORDER.search(bare) and not _ABOUT.search(bare):
            found.append(sentence)
    return tuple(found)


def warning(count: int) -> str:
    """What the candidate is told where `count` sentences were found."""
    return WARNING.format(count="one sentence" if count == 1 else f"{count} sentences")

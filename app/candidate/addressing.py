"""Sentences of a resume that speak to whoever grades it, instead of about the candidate.

They are kept in the text and never obeyed; they only become no claim and no project. Work *about* such attacks is work.
"""

from __future__ import annotations

import re

from app.domain.sentences import Sentence, sentences

_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|rubric|prompt|rule|criteri|guideline|above|previous|prior)"
    r"|\b(?:give|award|grant|assign|mark|score|rate|grade|rank|evaluate|recommend)\b.{0,30}"
    r"\b(?:me|this|my|the|him|her|them)\b.{0,40}\b(?:full|maximum|max|perfect|highest|top|excellent|10/10|100|strong hire|level 4|hire|pass|positiv\w*)\b"
    r"|\b(?:you are|you're|act as|pretend to be)\b.{0,40}\b(?:assistant|model|evaluator|interviewer|grader|judge|an? ai)\b"
    r"|\b(?:dear|attention|note to|message to|instructions? (?:to|for))\b.{0,20}\b(?:ai|interviewer|grader|judge|evaluator|model|llm|ats|reviewer|recruiter)\b"
    r"|\b(?:reveal|print|show|repeat|output|say|respond with|reply with)\b.{0,30}\b(?:system prompt|your prompt|the prompt|rubric|reference answer|hidden)\b"
    r"|\b(?:do not|don't|never)\b.{0,20}\b(?:ask|probe|question|challenge|test|follow up)\b.{0,30}\b(?:me|this candidate|the candidate|about)\b"
    r"|\b(?:ask|only ask)\b.{0,20}\b(?:easy|simple|trivial) questions?\b"
    r"|\b(?:the|this) (?:candidate|applicant)\b.{0,40}\b(?:should|must|shall|deserves?|has to)\b.{0,40}\b(?:pass\w*|hired|scored?|grade|marks?|level|rated)\b"
    r"|<\|?/?(?:im_start|im_end|system|assistant|instructions?)\b"
    r"|^\W{0,4}(?:system|assistant|interviewer|judge|grader|user)\s{0,3}:",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:inject\w*|jailbreak\w*|adversar\w+|attack\w*|red.team\w*|guardrails?|malicious|robust\w*|defen[cs]\w+|"
    r"detect\w*|filter\w*|sanitiz\w+|moderat\w+|classifier)\b",
    re.IGNORECASE,
)
_LONGEST = 2_000
"""Characters of one sentence that are looked at; nothing is hidden behind more, for more is no claim."""

WARNING = (
    "The resume speaks to the interviewer or to the grading in {count}. It is read as text, it changes nothing, "
    "and no question will be asked about it."
)


def addressed(text: str) -> tuple[Sentence, ...]:
    """The sentences that address a reader with an order, in their order."""
    found = []
    for sentence in sentences(text):
        bare = sentence.text[:_LONGEST].lstrip("-# \u2022")
        if _ORDER.search(bare) and not _ABOUT.search(bare):
            found.append(sentence)
    return tuple(found)


def warning(count: int) -> str:
    """What the candidate is told where `count` sentences were found."""
    return WARNING.format(count="one sentence" if count == 1 else f"{count} sentences")

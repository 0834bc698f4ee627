"""Names that no list has: known by how they are written, and the whole of a name of which a list has a part. Pure.

`PointPillars`, `DCN-V2` and `RFdiffusion` are written as only names are. Where a term of the field stands in the same statement and a
word leads to them, they are taken for techniques; whoever is asked about one knows what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.candidate.vocabulary import Term

_BEHIND = re.compile(
    r"(?:\.\d{1,2})?-(?:\d[\d.]{0,5}[BM]?|[A-Z]{1,3}\d{0,3}(?:\.\d)?|V\d)(?:-(?:\d[\d.]{0,5}[BM]?|[A-Z]{1,3}\d?))?(?![\w-])|\+{1,2}(?!\w)|\*(?!\w)"
)
"""What is joined to a name and belongs to it: `-T` of RNN-T, `-7B`, `++`, the star of RRT*."""
_FAMILIES = frozenset(
    """claude gemini gpt-3 gpt-4 gpt-5 llama mistral qwen gemma phi-3 deepseek whisper t5 sam tacotron wav2vec nemotron kimi
    flux""".split()
)
_MODEL = re.compile(
    r"(?:[ -](?:\d(?:\.\d{1,2})?(?![\d.,%\w]|\s[a-z])|\d{1,3}(?:\.\d)?B\b|mini|nano|Sonnet|Opus|Haiku|Flash(?:-Lite)?|Pro\b|Turbo|"
    r"Coder|Instruct|Chat\b|Vision|VL\b|large-v\d|[Ll]arge\b|[Mm]edium\b|[Ss]mall\b|[Tt]iny\b|[Bb]ase\b)){1,4}"
)
"""Versions and sizes behind the name of a family of models."""
_COINED = re.compile(
    r"(?<![\w@./'\u2019-])(?:"
    r"[A-Za-z]{0,20}[a-z][A-Z][A-Za-z]{0,24}(?:-?[vV]?\d[\d.]{0,4})?|"
    r"[A-Z]{2,8}[a-z]{3,20}(?:-?[vV]?\d[\d.]{0,4})?|"
    r"[A-Z][a-z]{2,20}[vV]?\d(?:\.\d)?|"
    r"[A-Z]{2,8}(?:-[A-Z]{1,4}\d{0,2}|-[vV]?\d){1,2}"
    r")(?:\+{1,2}|\*)?(?![\w@/]|\.\w|-[a-z])"
)
_NO_TECHNIQUE = re.compile(
    r"(?:PhD|DPhil|MSc|BSc|BEng|MEng|BTech|MTech|kWh?|MWh|GWh|MHz|GHz|kHz|GmbH|iPhone|iPad|iOS|macOS|eBay|YouTube|LinkedIn|GitHub|GitLab|"
    r"WhatsApp|TikTok|PayPal|WeChat|eCommerce|DevOps|PowerPoint|SharePoint|WordPress|mRNA|JavaScript|TypeScript|StackOverflow|"
    r"HackerRank|LeetCode|HackerOne|[A-Z]{2,}s|(?:Mc|Mac|De|Di|Le|La|Van|Fitz|O)[A-Z][a-z]+|(?:Covid|Web|Industry|Python|Java|Mp|Top|"
    r"Week|Phase|Level|Team|Group|Grade|Year|Tier|Quarter|Stage|Page|Part|Section|Type|Class|Track|Room|Unit|Round)\d.*|"
    r"(?:COVID|ISO|UTF|UTC|GMT|GPA|TOEFL|IELTS|JLPT|CEFR|IFRS|HIPAA|GDPR|SOC|PCI|FDA|EU|US|UK|UN|TRL|GPT|CENG|CS|EE|STAT|MATH)-.*|"
    r"\w*(?:Bank|Corp|Labs|Soft|Pay|Systems|Works|Group|Media|Games|Health|Care|Cloud|Tech|Hub|Con|Conf))$"
)
_LED = re.compile(
    r"(?:^|[\s(-])(?:with|using|via|by|on|in|into|from|to|through|over|of|and|or|then|later|against|beside|behind|than|plus|as|"
    r"a|an|the|our|under|like|[a-z]{2,}ed|[a-z]{3,}ing|built|ran|chose)\s$|[,/+(:;]\s?$",
    re.IGNORECASE,
)
_REACH = 24
_MOST = 12
"""In one statement."""


def whole(text: str, term: Term, end: int) -> Term:
    """The term with what belongs to its name behind it, up to `end`; else as it is."""
    behind = _BEHIND.match(text, term.end, end)
    if not behind and term.name.lower() in _FAMILIES:
        behind = _MODEL.match(text, term.end, end)
    if not behind:
        return term
    return Term(term.name, text[term.start : behind.end()], term.start, behind.end(), term.is_tool)


def coined(text: str, start: int, end: int, known: Sequence[Term], names: frozenset[str]) -> Iterator[Term]:
    """Names within `text[start:end]` that touch nothing `known`; none of `names`, which are taken, in small letters."""
    for count, found in enumerate(_COINED.finditer(text, start, end)):
        written = found.group()
        if count >= _MOST:
            return
        if len(written) < 3 or _NO_TECHNIQUE.match(written) or written.lower() in names:
            continue
        if not _LED.search(text[max(start, found.start() - _REACH) : found.start()]):
            continue
        if not any(term.start < found.end() and found.start() < term.end for term in known):
            yield Term(written.lower(), written, found.start(), found.end(), is_tool=False)

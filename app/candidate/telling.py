"""Whether a line without a bullet says what was done, or is what something is called. Pure."""

from __future__ import annotations

import re

_DID = frozenset(
    """accelerated achieved acquired adapted added addressed adopted advised aligned analysed analyzed annotated answered
    appointed architected arranged assembled assessed assisted attained audited authored automated awarded
    balanced became began benchmarked boosted brought built calculated calibrated carried caught championed
    changed checked chose classified cleaned cleansed clustered coached coded collaborated collected combined
    compared completed computed conceived conducted configured consolidated constructed contributed converted
    coordinated corrected created curated customised customized cut debugged decreased defined delivered
    demonstrated deployed derived designed detected determined developed devised diagnosed did digitised digitized
    directed discovered distilled documented doubled drafted drew drove eliminated enabled engineered enhanced
    enriched ensured established estimated evaluated examined executed expanded experimented explained explored
    extended extracted facilitated fine-tuned finetuned fixed focused forecast forecasted formulated found founded
    gained gathered gave generated graduated grew guided halved handled headed held helped hired identified
    implemented improved increased indexed initiated innovated installed instrumented integrated interviewed
    introduced invented investigated joined kept labeled labelled launched learned learnt led leveraged liaised
    lowered made maintained managed mapped measured mentored migrated minimised minimized modeled modelled
    modernised modernized modified monitored moved negotiated nominated operated optimised optimized orchestrated
    ordered organised organized overhauled oversaw owned participated partnered performed piloted pioneered
    planned ported predicted prepared preprocessed presented prioritised prioritized processed produced
    productionised productionized profiled programmed promoted proposed prototyped proved provided published put
    quantified quantised quantized raised ran ranked rated reached rebuilt received recommended recorded recruited
    redesigned reduced refactored refined reimplemented released removed replaced reported reproduced researched
    resolved restructured revamped reviewed rewrote rolled saved scaled scheduled scoped scored scraped secured
    segmented selected served set shaped shared shipped shortened showed shrank simplified simulated slashed
    solved sourced spearheaded sped standardised standardized started streamlined strengthened studied summarised
    summarized supervised supported surveyed taught tested took tracked trained transcribed transferred
    transformed translated trialled trimmed tripled tuned turned unified updated upgraded used utilised utilized
    validated verified visited visualised visualized voiced volunteered was won worked wrote""".split()
)
"""What a statement begins with."""
_OR_DESCRIBES = frozenset(
    """automated balanced calibrated combined corrected customised customized distilled enhanced enriched extended fixed
    forecast generated guided integrated modified optimised optimized ordered quantised quantized refined segmented set
    shared simplified simulated supervised supported unified""".split()
)
"""Of them, those that may stand before a noun in a name: `Extended Kalman filter`, `Automated essay scoring`."""
_BEFORE_OBJECTS = frozenset(
    """a an the our my their its this these those all both each every several many more new existing up over out with by for to
    from into in on at and or it them two three four five six seven eight nine ten hundreds thousands millions""".split()
)
"""What stands behind a verb, and not between a describing word and its noun."""
_BEFORE_NOUNS = frozenset("of for in on from at by and to about &".split())
"""What stands behind a noun that looks like a verb: `Measures of fairness`, `Forecasts for a bakery`."""
_SMALL = frozenset("a an the using with for in of to by and from on".split())
_DOES = frozenset(
    """achieves allows analyses analyzes answers applies automates builds calculates catches checks classifies cleans clusters
    collects combines compares computes contains converts counts creates cuts deploys describes detects determines develops
    discovers displays enables estimates explains explores extracts finds forecasts generates gives groups handles helps
    identifies implements imports improves includes integrates keeps labels learns lets listens makes manages measures
    monitors optimises optimizes parses performs picks plays predicts processes produces provides ranks reads recognises
    recognizes recommends reduces removes replaces runs saves scans schedules scores scrapes searches segments sends serves
    shows solves sorts stores suggests summarises summarizes supports takes tells tracks trains transcribes transforms
    translates turns uses visualises visualizes warns watches works writes""".split()
)
"""What a project does: `Predicts tides from ten years of readings`."""
_MORE = frozenset("also then later currently previously mainly jointly single-handedly re co pre post self".split())
_OF_SELF = frozenset("i we".split())
_LEADS_ON = frozenset("responsible accountable".split())
_OPENS = frozenset("a an the my our this it in as during".split())
_JOINS = frozenset(
    """a an and as at by de for from in into its of on onto or our over per than that the their through to under using via was
    were when where which while with within without &""".split()
)
_TRADE = re.compile(
    r"\b(?:engineer|scientist|analyst|developer|researcher|architect|intern|consultant|manager|statistician|assistant|"
    r"associate|fellow|programmer|specialist|lead|lecturer|tutor|student|director|officer|founder|freelancer)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[/-]")
_LEAST = 3
"""Words of a statement."""
_LEAST_LIKELY = 4
_NAMED_BY = 5
"""Words behind the first by which a post has been named."""


def states(text: str) -> bool:
    """Whether a line opens with what was done, as no title does: `Reduced false alarms by 30%`, `I built a parser`."""
    words = text.split(maxsplit=24)
    if len(words) < _LEAST or not words[0][0].isupper():
        return False
    first, second = words[0].lower().strip(",:"), words[1].lower()
    if first in _OF_SELF:
        return words[1][0].islower()
    if first in _LEADS_ON:
        return second == "for"
    if not any(word[0].islower() or word[0].isdigit() or word.lower() in _SMALL for word in words[1:]):
        return False
    if first in _MORE or (first.endswith("ly") and len(first) > len("early")):
        return second in _DID
    if first in _OR_DESCRIBES:
        return second in _BEFORE_OBJECTS or second[0].isdigit()
    if first in _DOES:
        return second not in _BEFORE_NOUNS
    return bool({first, *_SPLIT.split(first)} & _DID)


def may_state(text: str) -> bool:
    """Whether a line reads like words rather than like a name: mostly in small letters, and no one's trade."""
    words = text.split(maxsplit=40)
    rest = words[1:]
    small = sum(word[0].islower() or word[0].isdigit() for word in rest)
    return len(words) >= _LEAST_LIKELY and small * 2 > len(rest) and not _TRADE.search(" ".join(rest[:_NAMED_BY]))


def begins_a_sentence(text: str) -> bool:
    """Whether the first word may open a sentence: an article, a participle, a gerund."""
    first = text.split(maxsplit=1)[0].lower()
    return first in _OPENS or first.endswith(("ed", "ing"))


def alike(one: str, other: str) -> bool:
    """Whether two lines are worded as titles of one manner: `Predicting churn`, `Detecting fake news`."""
    return all(text.split(maxsplit=1)[0].lower().endswith("ing") for text in (one, other))


def leads_on(text: str) -> bool:
    """Whether the last word of a line asks for another one: `trained a model with`."""
    return text.rsplit(maxsplit=1)[-1].lower() in _JOINS if text.strip() else False

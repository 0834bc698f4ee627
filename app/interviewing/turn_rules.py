"""What rules hear in a turn, by span: what is certain by its words. Pure and total; what no rule knows is an answer.

The network of `span_model` sees what they say of each sentence.
"""

from __future__ import annotations

import re

from app.domain.language import LanguageGuess, is_english
from app.domain.sentences import Sentence, sentences, words
from app.domain.transcript import Span, SpanKind
from app.interviewing.rounds.catalog import rules_of

CANDIDATE_QUESTIONS = "candidate-questions"

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|rubric|prompt|rule|criteri|above|previous|system)"
    # To give marks is an order only where it is about this person or this answer: "score all items, keep the top 100" is work.
    r"|\b(?:give|award|grant|assign|mark|score|rate|grade)\b.{0,20}\b(?:me|my|this (?:answer|interview|candidate|as)|everything (?:as|in))\b.{0,40}"
    r"\b(?:full|maximum|max|perfect|highest|top|level ?4|100|10/10|shown|correct|pass(?:ed)?)\b"
    r"|\bpass me\b|\bmark (?:every|all)\b.{0,30}\b(?:shown|met|correct|passed)\b"
    r"|\b(?:end|finish|close|stop|terminate) (?:the|this) (?:interview|session|round)\b.{0,20}\b(?:and|then|with)\b.{0,20}\b(?:pass|score|give|grant|hire)"
    r"|\b(?:you are|you're) now\b.{0,40}\b(?:assistant|model|mode|evaluator|interviewer|grader)"
    r"|\b(?:reveal|print|show|repeat|output)\b.{0,30}\b(?:system prompt|your prompt|the prompt|rubric|criteria|hidden|reference answer)\b"
    r"|^\s*(?:system|assistant|interviewer|judge|grader|user)\s*:|<\|?/?(?:im_start|im_end|system|assistant|instructions?)\b"
    r"|\b(?:move|skip|go|advance|jump)\b.{0,20}\b(?:to the )?(?:next|last|final) round\b"
    r"|\bset my (?:level|score|grade)\b|\bset the (?:level|score|grade) to\b|\b(?:as|dear) (?:the |an? )?(?:grader|evaluator|judge|ai)\b.{0,60}\b(?:must|should|please|score|give|mark)",
    re.IGNORECASE | re.DOTALL,
)
_ORDER = re.compile(
    r"^(?:\W*(?:please|now|first|just|okay|ok|so|and|then|kindly|hey|also)\W+)*(?:"
    r"(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|your (?:rules?|prompt|rubric)|(?:the|this|that) rubric)\b"
    r"|(?:reveal|print|output|show me|tell me|give me|display)\b.{0,25}"
    r"\b(?:system prompt|your (?:prompt|rubric|criteria)|the rubric|reference answer|answer key)\b"
    r"|(?:give|award|grant|assign|score|mark|rate|grade)\b.{0,20}\b(?:me|my answer|this answer|this interview)\b.{0,25}"
    r"\b(?:full (?:marks?|score|credit|points)|(?:maximum|perfect|highest|top) (?:marks?|score|level|grade)|level 4|100|10/10)\b"
    r"|as (?:the|an|a) (?:grader|evaluator|judge|examiner)\b.{0,20}\byou (?:must|should|have to|will)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""An order to whoever marks, with which the sentence begins: no answer begins so."""
_REPORTED = re.compile(
    r"\b(?:attack|attacker|injection|inject|jailbreak|adversar|malicious|someone|users? (?:could|can|might|may|who)|guard|"
    r"defen[cd]|sanitiz|filter|untrusted|such as|for example|e\.g|like)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»")
_OWN_WORDS = 3
"""Beside what is quoted, from which a sentence tells of the quotation and does not say it."""
_END = re.compile(
    r"^(?:\W*(?:okay|ok|sorry|please|i think|so|well|thanks|thank you)\W+)*(?:"
    r"(?:can|could|may|shall) we (?:please )?(?:stop|end|finish)(?: (?:here|now|there|it|this|the interview))?"
    r"|(?:i(?:'d| would) like|i want|i need|i have|i've got) to (?:stop|end|quit|leave|finish)(?: (?:here|now|it|this|the interview))?"
    r"|(?:let's|let us|please) (?:stop|end|finish)(?: (?:here|now|it|this|the interview))?"
    r"|(?:end|stop|quit) (?:the |this )?interview|stop|quit|end)\W*(?:please|now|here|thanks|thank you)?\W*$",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\b(?:give me|can i (?:get|have)|could i (?:get|have)|may i have|could you give|can you give|i(?:'d| would) (?:like|take|need)|i (?:need|want|could use)|"
    r"i'll take|any chance of|do you have|is there)\b.{0,15}\b(?:a |an |another |any |some |the |one more |little |small )*(?:hint|clue|pointer|nudge)s?\b(?! to\b)"
    r"|^\W*(?:a |another )?(?:hint|clue)s?\W*(?:please)?\W*$|\bpoint me in the right direction\b|\bhelp me out\b",
    re.IGNORECASE,
)
_DONT_KNOW = re.compile(
    r"^(?:\W*(?:um+|uh+|er+|hm+|well|sorry|honestly|no|okay|so|oh|actually|to be honest|frankly|i'm afraid|unfortunately)\W+)*(?:"
    r"i (?:really |honestly |just |actually )?(?:do not|don't|dont|wouldn't|would not) (?:really |actually )?(?:know|remember|recall)(?: (?:that|this|it|the answer|that one|this one|about (?:that|this|it)))?"
    r"|i (?:have|'ve) (?:no|not the faintest|not the slightest) (?:idea|clue)|no idea|no clue|dunno|idk"
    r"|i(?:'m| am) (?:not sure|stuck|lost|blank|drawing a blank|clueless)|i can(?:not|'t) (?:remember|recall|answer|think of)(?: (?:that|this|it|any|anything))?"
    r"|(?:i )?pass|skip(?: (?:it|this|that))?|(?:let's |can we )?(?:skip|move on)|i give up|beats me|not sure|never heard of (?:it|that|this))"
    r"(?:\W+(?:sorry|honestly|really|at all|right now|anymore|to be honest|i'm afraid|yet))*\W*$",
    re.IGNORECASE,
)
_REPEAT = re.compile(
    r"\b(?:repeat|say|rephrase|reword)\b.{0,20}\b(?:question|that|it)\b.{0,20}(?:again|please|\?|differently|another way|$)"
    r"|^\W*(?:sorry|pardon|excuse me|come again|what was (?:the|your) question|say (?:that|it) again|once more)\W*(?:again|please|what)?\W*\??\W*$"
    r"|\b(?:didn't|did not|couldn't) (?:catch|hear|get) (?:that|the question|your question|you)\b",
    re.IGNORECASE,
)
_THINK = re.compile(
    r"^\W*(?:okay|ok|um+|hm+|well|sure|so|right)?\W*(?:let me think|give me (?:a|one|some) (?:second|sec|moment|minute|time)|"
    r"(?:one|just a|a) (?:second|sec|moment|minute)|i need (?:a|some) (?:second|moment|minute|time)|hold on|bear with me|"
    r"can i (?:have|take|get) (?:a|some) (?:second|moment|minute|time)|may i think)\b.{0,40}$",
    re.IGNORECASE,
)
_CLARIFY = re.compile(
    r"^(?:\W*(?:so|okay|ok|um+|uh+|hm+|sorry|wait|just|quick question|before i start|first|and|but|to clarify|to be clear|clarification)\W+)*(?:"
    r"(?:do|did|are|can|could|should|shall|may|would|is|does|will|am) (?:you|i|we|it|the|this|that|there)\b"
    r"|(?:what|which|who|how (?:many|much|big|large|long|deep|formal|often))\b.{0,60}\b(?:you|we|i|the|this|that|available|given|assume|mean|here)\b"
    r"|by .{1,40} (?:do )?you mean\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:\W*(?:so|okay|ok|um+|uh+|hm+|sorry|wait|just|quick question|before i start|first|and|but|then|also|now|well|right)\W+)*"
    r"(?:(?:what|which|who|whose|how|when|where|is|are|was|were|do|does|did|can|could|should|shall|may|will|would|has|have|am|any)\b"
    r"|(?:\S+\s*){1,6}\?$)",
    re.IGNORECASE,
)
"""A question where questions are part of the work; one with more words of its own before it is thinking aloud."""
_LONGEST_QUESTION = 30
_RHETORICAL = re.compile(r"\b(?:right|you know|correct|isn't it|doesn't it|no)\s*\?$", re.IGNORECASE)
_NOISES = re.compile(r"\b(?:u+m+|u+h+|e+r+m?|h+m+|let me see|i mean)\b[,.…]*", re.IGNORECASE)
_CUES = {
    SpanKind.INSTRUCTION: re.compile(
        r"\b(?:ignor|disregard|forget|overrid|bypass|mark|scor|grad|rat(?:e|ed|ing)\b|pass\b|passed|full|reveal|print|prompt|rubric|system|"
        r"assist|rules?\b|instruct|criteri|skip|round|level|credit|shown|admin|develop|debug|mode\b|you are|you['’]re|act as|pretend|"
        r"evaluat|judg|interview|model|bots?\b|ai\b|hire|approv|accept|json|output|point|note to|attention|must|treat|award|top|perfect|"
        r"maximum|max\b|answer key|solution|policy|override|command|execut|from now|confirm|true|correct|put down|write|report|machine|intelligen|tick|overlook|transcript)|[<{\[#]",
        re.IGNORECASE,
    ),
    SpanKind.END: re.compile(
        r"\b(?:stop|end|finish|leav|clos|wrap|done|quit|call (?:it|this)|offer|session|interview|carry|contin|go now|have to go|"
        r"g[eo]t(?:ta)? (?:to )?go|need to go|over|log off|hang up|enough|rest of|cut|break off|exit|goodbye|bye)",
        re.IGNORECASE,
    ),
    SpanKind.DONT_KNOW: re.compile(
        r"\b(?:kn[oe]w|ideas?|remember|recall|blank|sure|learn|stud|answer|question|skip|pass|next|else|clue|gone|stuck|forg|never|"
        r"heard|cannot|nothing|lost|honest|no|not|none|\w+n['’]?t|miss|beats|unfamiliar|new to me|idk|dunno|give up|guess|got me|"
        r"escape|tip of)\b|\b(?:learn|stud|forg|miss|escap)",
        re.IGNORECASE,
    ),
    SpanKind.REPEAT: re.compile(
        r"\b(?:again|agian|repeat|repet|once more|one more time|sa[yi]|pardon|sorry|q[ue]*stion|hear|catch|caught|read|rephras|reword|"
        r"differently|lost|missed\b|miss (?:that|it|the|what)\b|slow|what (?:was|did|is|were)|w[h]?at\b|come again|understand|understood|cut out|line|audio|mic|"
        r"follow|screen|words|didn['’]?t|another way|ask)",
        re.IGNORECASE,
    ),
    SpanKind.HINT: re.compile(
        r"\b(?:h[in]{2}t|clue|remind|point|nudg|help|tip\b|tips\b|stuck|start|direction|bone|lead|push|give|hand|first|where|corner|begin|"
        r"look|sentence|steer|shove|push|suggest|guid|show|tell|could you|can you|would you|may i|kick|warm|idea|assist|crumb|wink)",
        re.IGNORECASE,
    ),
    SpanKind.THINK: re.compile(
        r"\b(?:think|thought|moment|sec|second|minute|mins?\b|time|wait|bear|hold|hang|paus|head|sort|sit|quiet|let me|breath|"
        r"lemme|gather|collect|order|ponder|mull|consider|reflect|h+m|u+[mh])",
        re.IGNORECASE,
    ),
}


def has_its_words(kind: SpanKind, text: str) -> bool:
    """Whether words that are heard as that kind hold any that such turns hold; True for kinds that are said in any words.

    What has none is an answer, whatever its tone: a hesitant sentence that tells something must not be lost.
    """
    cues = _CUES.get(kind)
    if cues is None:
        return True
    # The noises between words are no request for time where other words stand beside them.
    said = _NOISES.sub(" ", text) if kind is SpanKind.THINK else text
    return bool(cues.search(said if words(said) else text))


def listen(text: str, *, round_slug: str, guess: LanguageGuess) -> tuple[Span, ...]:
    """Spans that cover `text` from its first to its last visible character, in order, none empty; () for a blank text."""
    if not text.strip():
        return ()
    if not is_english(text, guess):
        return (Span(SpanKind.OTHER_LANGUAGE, 0, len(text)),)
    # A forged marker or an order over several sentences shows only in the whole.
    kinds = [(sentence, _kind(sentence.text, round_slug)) for sentence in sentences(text)]
    return _merge(kinds)


def is_order(sentence: str) -> bool:
    """Whether a sentence orders whoever marks about, and does not tell of somebody who does."""
    return bool(_ORDER.match(sentence)) and not _REPORTED.search(sentence)


def _own_words(sentence: str) -> str:
    """The sentence without what it quotes, where it says something about that."""
    rest = _QUOTED.sub(" ", sentence)
    return rest if len(words(rest)) >= _OWN_WORDS else sentence


def _kind(sentence: str, round_slug: str) -> SpanKind:
    if _INSTRUCTION.search(_own_words(sentence)) and not _REPORTED.search(sentence):
        return SpanKind.INSTRUCTION
    if _END.match(sentence):
        return SpanKind.END
    if _HINT.search(sentence) and len(words(sentence)) <= 20:
        return SpanKind.HINT
    if _DONT_KNOW.match(sentence):
        return SpanKind.DONT_KNOW
    if _REPEAT.search(sentence) and len(words(sentence)) <= 20:
        return SpanKind.REPEAT
    if _THINK.match(sentence):
        return SpanKind.THINK
    if round_slug == CANDIDATE_QUESTIONS:
        return SpanKind.ASK if sentence.rstrip().endswith("?") else SpanKind.ANSWER
    if sentence.rstrip().endswith("?") and _CLARIFY.match(sentence) and not _RHETORICAL.search(sentence):
        return SpanKind.CLARIFY
    if rules_of(round_slug).holds_back and _seeks_a_fact(sentence):
        return SpanKind.CLARIFY
    return SpanKind.ANSWER


def _seeks_a_fact(sentence: str) -> bool:
    return (
        sentence.rstrip().endswith("?")
        and len(words(sentence)) <= _LONGEST_QUESTION
        and bool(_ASKS.match(sentence))
        and not _RHETORICAL.search(sentence)
    )


def _merge(kinds: list[tuple[Sentence, SpanKind]]) -> tuple[Span, ...]:
    """Neighbours of one kind become one span; gaps belong to the span before them."""
    spans: list[Span] = []
    for sentence, kind in kinds:
        if spans and spans[-1].kind is kind:
            spans[-1] = Span(kind, spans[-1].start, sentence.end)
        else:
            spans.append(Span(kind, sentence.start, sentence.end))
    return tuple(spans)

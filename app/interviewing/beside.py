"""What somebody means who asks or declines beside their story: leave to choose, a sign that one listens, or to be left alone. Pure.

By the words alone, and narrow: what is in doubt stays what the listener heard.
"""

from __future__ import annotations

import re

from app.domain.sentences import sentences, words
from app.domain.transcript import SpanKind, Turn

_LEAVE = re.compile(
    r"\b(?:can|could|may|might|shall|should) i (?:also |maybe |perhaps |just |please |rather |instead )*"
    r"(?:take|talk|tell|speak|use|pick|choose|start|begin|go with|give|describe|bring|refer)\b"
    r"(?!.{0,15}\b(?:hint|clue|moment|second|minute|time)\b)"
    r"|\b(?:is|would) it (?:be )?(?:ok|okay|fine|all right|alright|possible) (?:if|when) i "
    r"(?:take|took|talk|tell|use|pick|choose|start|give)\w*\b"
    r"|\b(?:would|does|is) (?:a|an|one|something|that one|my)\b.{2,60}\b(?:be (?:ok|okay|fine|all right)|count|do|ok|okay|fine)\s*\?"
    r"|\bi asked (?:you )?(?:whether|if) i (?:can|could|may|might)\b",
    re.IGNORECASE,
)
_ASSENT = re.compile(
    r"^\W*(?:(?:so|and|but|or|okay|ok|well|hm+|um+|sorry)\W+)*(?:"
    r"(?:is|was) (?:that|this|it) (?:what|how) (?:you|we)\b.{0,30}"
    r"|(?:is|was) (?:that|this|it) (?:ok|okay|right|correct|enough|fine|clear|it|good enough|the right direction)"
    r"|(?:does|did|do) (?:that|this|it|i) (?:answer|make sense|help|go in(?:to)? the right direction)\b.{0,30}"
    r"|makes? sense|am i (?:right|making sense|on the right track|wrong)|you know what i mean|you see"
    r"|(?:do|would) you (?:want|like) (?:me to )?(?:go|to hear|hear|know|more|a|an|some)?\b.{0,40}"
    r"\b(?:detail|details|deeper|more|on|further|example)"
    r"|(?:shall|should|can|may) i (?:go (?:on|into|deeper|further)|continue|elaborate|expand|say more)\b.{0,40}"
    r")\W*$",
    re.IGNORECASE,
)
_DECLINES = re.compile(
    r"\bi(?:['’]d| would) (?:rather|prefer) (?:not(?: to)?|to keep) (?:say|talk|tell|discuss|speak|answer|go into|share|that|it|private)\b"
    r"|\bi(?:['’]d| would) prefer not to\b|\bi (?:can['’]?t|cannot|may not|mustn['’]t|am not allowed to|['’]m not allowed to) "
    r"(?:really |actually )?(?:talk|speak|say (?:anything|more)|discuss|share|disclose|go into)\b"
    r"|\b(?:that|this|it)['’]?s? (?:is )?(?:confidential|under (?:an )?nda|private|personal)\b|\bunder (?:an )?nda\b",
    re.IGNORECASE,
)
_OF_THE_POST = re.compile(
    r"\b(?:remote(?:ly)?(?! sens)|on-?site|home office|work from home|salary|pay\b|compensation|benefits|vacation|holidays|relocat\w+|"
    r"visa|start date|working hours|part[- ]time|full[- ]time|team size|the (?:position|role|job|post)|next steps?|hiring|"
    r"the office|your office|have to be in)\b",
    re.IGNORECASE,
)
_HOW_IT_GOES = re.compile(
    r"\b(?:is|was) (?:something|anything) (?:wrong|off|missing) (?:with|in|about) (?:my|what i)\b|\bhow am i doing\b"
    r"|\bam i doing (?:ok|okay|all right|alright|well|badly|fine)\b"
    r"|\b(?:was|is) (?:my answer|what i said) (?:right|wrong|correct|ok|okay|good|bad|enough)\b"
    r"|\bdid i (?:pass|fail|get (?:that|it) right)\b",
    re.IGNORECASE,
)
_NEXT = r"(?:the |a |an )?(?:next|another|different|other)(?: (?:one|question|topic|thing|part|problem))?"
_THIS = r"(?: (?:it|this|that|(?:this|that) (?:one|question|part|problem)|the question))?"
_OF_IT = r"(?:about|on|of|for) (?:it|this|that|now)"
_KNOWS_NOT = (
    r"(?:i(?:['’]m| am)? )?(?:(?:really|honestly|just|afraid i|sorry) )*"
    r"(?:(?:don['’]?t|do not|can['’]?t|cannot) (?:really )?(?:know|remember|recall|say|think of (?:anything|it))"
    rf"(?: (?:that|this|it|the answer|anything|more|much)(?: (?:one|question|more|{_OF_IT}))?)?"
    rf"|(?:have |got )?no (?:idea|clue)|not sure|stuck|lost|blank(?:ing)?)(?: (?:here|there|{_OF_IT}(?: one)?))?"
    r"|(?:i (?:guess|think|suppose) )?(?:that['’]?s|that is) (?:(?:basically|about|pretty much|really|mostly|probably|all|just) )*"
    r"(?:it|all)(?: from me| really)?"
    r"|(?:that['’]?s|that is|this is) all (?:that )?i(?:['’]ve| have)?"
    rf"(?: (?:have|know|can (?:say|think of|remember)|remember|got))?(?: {_OF_IT})?"
)
"""That one knows nothing, or nothing more."""
_ONLY_THAT = re.compile(
    rf"\W*(?:(?:sorry|um+|uh+|hm+|well|no|honestly|ok|okay|i think|and|but|so)\W+)*(?:{_KNOWS_NOT})(?:\W+(?:sorry|really|then))*\W*",
    re.IGNORECASE,
)
_WANTS_ON = re.compile(
    rf"\W*(?:(?:{_KNOWS_NOT})\W+(?:(?:and|so|but|then|sorry)\W+)*)?"
    r"(?:(?:ok|okay|um+|uh+|hm+|well|sorry|no|so|then|honestly|yeah|thanks|thank you|i think|maybe)\W+)*"
    r"(?:(?:let['’]?s|let us|(?:can|could|may|might|shall|should) (?:we|i|you)|(?:we|you|i) (?:can|could|should|may)|"
    r"i(?:['’]d| would) (?:like|prefer|rather)|i want|i(?= (?:pass|skip)\b)|i(?:['’]ll| will)|"
    r"let me|i have to|would you|please|just|to|maybe|now|then)\W+)*"
    rf"(?:skip{_THIS}|(?:do|have) {_NEXT}|(?:talk|speak) about (?:something|anything) (?:else|different)|"
    r"(?:another|a different) (?:one|question|topic|thing)|"
    rf"pass(?: on)?{_THIS}|"
    rf"mov(?:e|ing) (?:on|ahead|along)(?: (?:from|to|with) (?:this|that|here|something else|{_NEXT}))?|"
    rf"(?:go|jump|get|proceed|continue)(?: on)? (?:to|with) {_NEXT}|(?:ask|give|take|try|have)(?: me)? {_NEXT}|"
    r"leave (?:it|this|that)(?: (?:one|question))? (?:there|open)|next(?: one| question| topic| problem)?|"
    r"(?:ask|give)(?: me)? something (?:else|different))"
    r"(?:\W+(?:please|thanks|thank you|then|now|for now|here|if (?:that|it)(?:['’]s| is) (?:ok|okay|fine|possible)|sorry))*\W*",
    re.IGNORECASE,
)
"""The whole of a sentence: nothing is left in it that could be an answer."""
_MAY_ANSWER = re.compile(r"\W*(?:skip|pass)(?: on)? (?:it|that)\W*", re.IGNORECASE)
"""What somebody may also do with a broken line of a file."""
_LOST = re.compile(
    r"\bi (?:really |honestly |still |just )*(?:don['’]?t|do not|didn['’]?t|did not|can['’]?t|cannot|am not sure (?:if |that )?i) "
    r"(?:really |quite |fully |even )*(?:get|understand|follow|see)"
    r"(?: (?:that|this|it|you|(?:the|your|that|this) question|what (?:you|that|this|the question)\b.{0,40}))?\W*$"
    r"|\bi (?:don['’]?t|do not) (?:really |quite )*know what (?:you(?:['’]re| are)?|that|this|the question|to make of (?:that|this))"
    r"(?: (?:means?|want|asking|after|looking for|refer\w* to|getting at)\b.{0,20}|\W*$)"
    r"|^\W*(?:(?:sorry|um+|uh+|hm+|okay|and|but|so)\W+)*what (?:exactly )?"
    r"(?:do you mean(?! by (?!that\b|this\b|it\b))|(?:\w+ ){1,2}do you mean|are you asking|is the question)\b"
    r"|\b(?:i['’]m asking|not sure|unsure) what you(?:['’]re| are)? (?:asking|mean|after|want)\b"
    r"|\b(?:can|could|would) you (?:please |maybe )?(?:rephrase|reword|explain (?:the|your) question|"
    r"(?:put|say|ask) (?:it|that|this)(?: again)? (?:differently|another way|in other words|in plain \w+|more (?:simply|plainly)))\b",
    re.IGNORECASE,
)
LONGEST_LOST = 26
"""Words of a turn that says no more than that the question was not understood."""
_AS_SAID = re.compile(
    r"\b(?:as|like) (?:i|I)(?: just|['’]ve| have| already| had)* (?:said|told you|mentioned|explained)\b"
    r"|\bi(?:['’]ve| have)? (?:just|already) (?:said|told you|mentioned|explained|answered|gave you)\b",
    re.IGNORECASE,
)
_ASKS_ONESELF = re.compile(
    r"^\W*(?:(?:so|and|then|next|now|well|okay|ok|um+|uh+|usually|normally|also|first(?:ly)?(?: of all)?|second(?:ly)?|finally|"
    r"after that|before that|at first|in that case)\W+)*(?:i|we)\b(?!['’]m (?:sorry|asking|wondering|not)\b)(?:['’]\w+)?"
    r"(?: [\w'’/-]+){1,14}\s*[:;–—]\s*\S.*\?\W*$",
    re.IGNORECASE | re.DOTALL,
)
_YOU = re.compile(r"\b(?:you|your|yours|the question|this question|interview)\b", re.IGNORECASE)
LONGEST_BESIDE = 30
"""Words of a turn that only asks for leave; a longer one has begun to tell."""
LONGEST_WISH = 16
"""Words of a sentence that only wishes to go on."""
LEAST_TOLD = 8
"""Words of an answer beside which a question is not all that was said."""


def asks_leave(turn: Turn) -> bool:
    """Whether somebody only asks whether they may choose what to tell: "Can I take one from the job before?"."""
    said = [each.text for each in sentences(turn.text)]
    return bool(said) and len(words(turn.text)) <= LONGEST_BESIDE and any(_LEAVE.search(each) for each in said)


def lost(text: str) -> bool:
    """Whether a turn says no more than that its speaker didn't understand what was asked: "Sorry, I don't get that. What's dark?"."""
    said = sentences(text)
    missed = [bool(_LOST.search(each.text)) for each in said]
    told = (words(each.text) for each, miss in zip(said, missed, strict=True) if not miss and "?" not in each.text)
    return any(missed) and len(words(text)) <= LONGEST_LOST and sum(map(len, told)) < LEAST_TOLD


def said_already(text: str) -> bool:
    """Whether somebody points out that they had said it: "As I said, the hidden state."."""
    return bool(_AS_SAID.search(text))


def declines(turn: Turn) -> bool:
    """Whether somebody says that they would rather not tell, or may not."""
    return bool(_DECLINES.search(turn.text))


def seeks_assent(question: str) -> bool:
    """Whether a question only asks for a sign: "Is that what you mean?", "Do you want me to go into detail?"."""
    return bool(_ASSENT.match(question.strip()))


def is_of_the_post(question: str) -> bool:
    """Whether a question is about the post and not about what was asked: "Is it a remote position?"."""
    return bool(_OF_THE_POST.search(question))


def asks_how_it_goes(question: str) -> bool:
    """Whether somebody asks how they are doing: "Is something wrong with my answers?"."""
    return bool(_HOW_IT_GOES.search(question))


def wants_on(text: str) -> bool:
    """Whether a turn ends in the wish to go on, and says nothing else in that sentence: "Skip.", "Can we move on, please?"."""
    said = sentences(text)
    if not said or len(words(said[-1].text)) > LONGEST_WISH:
        return False
    return bool(_WANTS_ON.fullmatch(said[-1].text)) and not _MAY_ANSWER.fullmatch(said[-1].text)


def knows_no_more(text: str) -> bool:
    """Whether a sentence says nothing but that its speaker knows nothing, or nothing more: "No idea, sorry.", "That's all I have."."""
    return bool(_ONLY_THAT.fullmatch(text))


def asks_oneself(sentence: str) -> bool:
    """Whether a question is what its speaker would find out: "I check the dashboards first: is it every request or just some?"."""
    return bool(_ASKS_ONESELF.match(sentence)) and not _YOU.search(sentence)


def answered_by_oneself(turn: Turn) -> bool:
    """Whether what reads as a question was the speaker's own: an answer of some words follows it in the same turn."""
    asked = [span for span in turn.spans if span.kind is SpanKind.CLARIFY]
    after = [span for span in turn.spans if span.kind is SpanKind.ANSWER and asked and span.start > asked[-1].start]
    return sum(len(words(turn.text[span.start : span.end])) for span in after) >= LEAST_TOLD


def told_first(turn: Turn) -> bool:
    """Whether a turn tells something before it asks."""
    asked = [span for span in turn.spans if span.kind is SpanKind.CLARIFY]
    before = [span for span in turn.spans if span.kind is SpanKind.ANSWER and asked and span.start < asked[0].start]
    return sum(len(words(turn.text[span.start : span.end])) for span in before) >= LEAST_TOLD

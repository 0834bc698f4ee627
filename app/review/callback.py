"""One sentence that comes back to what an earlier interview left open. Pure, and written by code: it names a subject, never an answer."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.practice import PracticeItem
from app.domain.quoted import CALLBACK
from app.domain.sentences import content_stems
from app.material.corpus import Corpus, plain
from app.material.surfaces import own_words


def callback(corpus: Corpus, item: PracticeItem, planned: Iterable[str]) -> str:
    """The sentence for an interview that asks `planned`, ids of questions.

    The subject is named where that can tell nothing: where it stands in the question's own words or in no word of the criterion, and no
    question of this interview is about it. Otherwise the round is named.
    """
    topic = _topic(corpus, item, planned)
    about = f"on {topic}" if topic else f"in the part on {plain(item.round)}"
    return CALLBACK.format(about)


def _topic(corpus: Corpus, item: PracticeItem, planned: Iterable[str]) -> str:
    """The first subject of the item's question that gives nothing away; "" where there is none."""
    entry = corpus.entry(item.question_id)
    here = {topic for each in planned for topic in corpus.entry(each).topics}
    said = content_stems(own_words(corpus, item.question_id))
    says = content_stems(corpus.rubric(item.question_id).criterion(item.criterion_id).says)
    for topic in entry.topics:
        words = content_stems(plain(topic))
        if topic not in here and (words <= said or not words & says):
            return plain(topic)
    return ""

import re
from collections import Counter
from math import sqrt


def similarity(one: str, other: str) -> float:
    """Cosine between the word counts of two texts; 0.0 if either has no words."""
    first, second = word_counts(one), word_counts(other)
    if not first or not second:
        return 0.0
    product = sum(count * second[word] for word, count in first.items())  # a Counter has 0 for what it lacks
    return product / (length(first) * length(second))


def word_counts(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def length(counts: Counter[str]) -> float:
    return sqrt(sum(count * count for count in counts.values()))

import heapq
import re
from collections import Counter


def top_words(texts: list[str], k: int) -> list[list]:
    """The `k` most frequent words as `[word, count]`, equal counts in alphabetical order."""
    counts = Counter(word for text in texts for word in re.findall(r"\w+", text.lower()))
    best = heapq.nsmallest(k, counts.items(), key=lambda item: (-item[1], item[0]))
    return [[word, count] for word, count in best]

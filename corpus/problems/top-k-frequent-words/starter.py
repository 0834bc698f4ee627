def top_words(texts: list[str], k: int) -> list[list]:
    """The `k` most frequent words as `[word, count]`, equal counts in alphabetical order."""
    raise NotImplementedError

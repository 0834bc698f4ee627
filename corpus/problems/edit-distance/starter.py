def correct(word: str, known: list[str], limit: int) -> str | None:
    """The term of `known` nearest to `word` by edit distance, the earliest of equals; None if all are beyond `limit`."""
    raise NotImplementedError

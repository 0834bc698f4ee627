def correct(word: str, known: list[str], limit: int) -> str | None:
    """The term of `known` nearest to `word` by edit distance, the earliest of equals; None if all are beyond `limit`."""
    nearest, least = None, limit + 1
    for term in known:
        if abs(len(term) - len(word)) >= least:
            continue  # the difference in length is a lower bound
        distance = edit_distance(word, term)
        if distance < least:
            nearest, least = term, distance
    return nearest


def edit_distance(one: str, other: str) -> int:
    """Fewest insertions, deletions and replacements that turn `one` into `other`."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            current.append(min(above[column] + 1, current[column - 1] + 1, above[column - 1] + (letter != wanted)))
        above = current
    return above[-1]

def longest_run(tokens: list[str]) -> list[int]:
    """Start and length of the longest stretch without a repeated token, the earliest of equals."""
    last_seen: dict[str, int] = {}
    start = 0
    best = [0, 0]
    for position, token in enumerate(tokens):
        start = max(start, last_seen.get(token, -1) + 1)
        last_seen[token] = position
        length = position - start + 1
        if length > best[1]:
            best = [start, length]
    return best

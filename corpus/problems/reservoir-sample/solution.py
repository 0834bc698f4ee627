def reservoir(lines: list[str], k: int, draws: list[float]) -> list[str]:
    """A uniform sample of `k` lines, kept in one pass, with one draw from [0, 1) for each line after the first `k`."""
    sample: list[str] = []
    remaining = iter(draws)
    for count, line in enumerate(lines, 1):
        if count <= k:
            sample.append(line)
            continue
        place = int(next(remaining) * count)
        if place < k:
            sample[place] = line
    return sample

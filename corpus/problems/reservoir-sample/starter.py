def reservoir(lines: list[str], k: int, draws: list[float]) -> list[str]:
    """A uniform sample of `k` lines, kept in one pass, with one draw from [0, 1) for each line after the first `k`."""
    raise NotImplementedError

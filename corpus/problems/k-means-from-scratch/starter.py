def k_means(points: list[list[float]], centers: list[list[float]], max_rounds: int) -> dict:
    """`{"centers": ..., "labels": ...}` after assigning and averaging until no label changes."""
    raise NotImplementedError

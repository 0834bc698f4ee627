from collections import deque


def window_maxima(readings: list[float], w: int) -> list[float]:
    """Maximum of each full window of `w` readings, in order.

    Raises:
        ValueError: `w` is below 1.
    """
    if w < 1:
        raise ValueError("the window needs at least one reading")
    candidates: deque[int] = deque()  # positions; their readings fall from front to back
    maxima = []
    for position, reading in enumerate(readings):
        while candidates and readings[candidates[-1]] <= reading:
            candidates.pop()
        candidates.append(position)
        if candidates[0] <= position - w:
            candidates.popleft()
        if position >= w - 1:
            maxima.append(readings[candidates[0]])
    return maxima

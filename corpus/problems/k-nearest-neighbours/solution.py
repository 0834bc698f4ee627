import heapq


def classify(readings: list[list[float]], labels: list[str], query: list[float], k: int) -> str:
    """The label voted by the `k` nearest readings.

    Raises:
        ValueError: `k` is below 1 or above the number of readings.
    """
    if not 1 <= k <= len(readings):
        raise ValueError("k must lie between 1 and the number of readings")
    # The square orders as the root does; the index lets the earlier of equals come first.
    distances = (
        (sum((value - wanted) ** 2 for value, wanted in zip(reading, query)), index)
        for index, reading in enumerate(readings)
    )
    votes: dict[str, int] = {}
    for _, index in heapq.nsmallest(k, distances):
        votes[labels[index]] = votes.get(labels[index], 0) + 1
    return max(votes, key=votes.__getitem__)  # of equals the first, which has the nearest voter

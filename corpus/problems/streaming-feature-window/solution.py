from collections import defaultdict, deque


def features(events: list[list], window: float) -> list[list[float]]:
    """For each event `[time, card, amount]` the count and total of the card's earlier payments within the window.

    Raises:
        ValueError: time goes backward.
    """
    recent: defaultdict[str, deque] = defaultdict(deque)
    totals: defaultdict[str, float] = defaultdict(float)
    found = []
    now = float("-inf")
    for time, card, amount in events:
        if time < now:
            raise ValueError("events must come in order of time")
        now = time
        queue = recent[card]
        while queue and queue[0][0] < time - window:
            totals[card] -= queue.popleft()[1]
        found.append([len(queue), totals[card]])  # read before the event joins its own history
        queue.append((time, amount))
        totals[card] += amount
    return found

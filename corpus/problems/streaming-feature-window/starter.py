def features(events: list[list], window: float) -> list[list[float]]:
    """For each event `[time, card, amount]` the count and total of the card's earlier payments within the window.

    Raises:
        ValueError: time goes backward.
    """
    raise NotImplementedError

def window_maxima(readings: list[float], w: int) -> list[float]:
    """Maximum of each full window of `w` readings, in order.

    Raises:
        ValueError: `w` is below 1.
    """
    raise NotImplementedError

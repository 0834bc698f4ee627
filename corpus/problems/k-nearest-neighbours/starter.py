def classify(readings: list[list[float]], labels: list[str], query: list[float], k: int) -> str:
    """The label voted by the `k` nearest readings.

    Raises:
        ValueError: `k` is below 1 or above the number of readings.
    """
    raise NotImplementedError

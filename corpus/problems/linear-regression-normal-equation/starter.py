def fit_line(xs: list[float], ys: list[float]) -> list[float]:
    """Intercept and slope of the least-squares line.

    Raises:
        ValueError: the lengths differ, or the points determine no line.
    """
    raise NotImplementedError

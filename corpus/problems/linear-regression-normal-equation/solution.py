def fit_line(xs: list[float], ys: list[float]) -> list[float]:
    """Intercept and slope of the least-squares line.

    Raises:
        ValueError: the lengths differ, or the points determine no line.
    """
    if len(xs) != len(ys) or len(set(xs)) < 2:
        raise ValueError("it takes two points with different x, and a y for each")
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    # Centered: sums of squares of large numbers would cancel.
    products = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys))
    squares = sum((x - mean_x) ** 2 for x in xs)
    slope = products / squares
    return [mean_y - slope * mean_x, slope]

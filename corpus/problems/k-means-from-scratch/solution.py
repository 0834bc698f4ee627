def k_means(points: list[list[float]], centers: list[list[float]], max_rounds: int) -> dict:
    """`{"centers": ..., "labels": ...}` after assigning and averaging until no label changes."""
    centers = [list(center) for center in centers]
    labels: list[int | None] = [None] * len(points)
    for _ in range(max_rounds):
        before, labels = labels, [nearest(point, centers) for point in points]
        if labels == before:
            break
        for number in range(len(centers)):
            members = [point for point, label in zip(points, labels) if label == number]
            if members:
                centers[number] = [sum(column) / len(members) for column in zip(*members)]
    return {"centers": centers, "labels": labels}


def nearest(point: list[float], centers: list[list[float]]) -> int:
    """Number of the nearest center, the lowest of equals; squared distance orders as well as its root."""
    distances = [sum((x - c) ** 2 for x, c in zip(point, center)) for center in centers]
    return distances.index(min(distances))

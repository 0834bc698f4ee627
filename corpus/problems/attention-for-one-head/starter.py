def attend(
    queries: list[list[float]], keys: list[list[float]], values: list[list[float]], causal: bool
) -> list[list[float]]:
    """For each query the values, averaged by the softmax over the keys of the scaled dot products."""
    raise NotImplementedError

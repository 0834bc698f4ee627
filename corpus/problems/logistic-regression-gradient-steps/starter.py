def train(rows: list[list[float]], labels: list[int], rate: float, steps: int) -> list:
    """`[bias, weights]` after so many full-batch steps of gradient descent on the mean log loss, from zero."""
    raise NotImplementedError

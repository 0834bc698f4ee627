def adamw(
    weights: list[float],
    gradients: list[list[float]],
    rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    decay: float = 0.01,
) -> list[float]:
    """The weights after one AdamW step for each gradient in turn."""
    raise NotImplementedError

from math import sqrt


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
    weights = list(weights)
    means = [0.0] * len(weights)
    squares = [0.0] * len(weights)
    for step, gradient in enumerate(gradients, 1):
        for place, slope in enumerate(gradient):
            means[place] = beta1 * means[place] + (1 - beta1) * slope
            squares[place] = beta2 * squares[place] + (1 - beta2) * slope * slope
            mean = means[place] / (1 - beta1**step)  # both averages began at zero
            square = squares[place] / (1 - beta2**step)
            weights[place] -= rate * (mean / (sqrt(square) + epsilon) + decay * weights[place])
    return weights

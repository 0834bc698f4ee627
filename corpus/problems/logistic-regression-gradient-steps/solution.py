from math import exp


def train(rows: list[list[float]], labels: list[int], rate: float, steps: int) -> list:
    """`[bias, weights]` after so many full-batch steps of gradient descent on the mean log loss, from zero."""
    bias, weights = 0.0, [0.0] * len(rows[0])
    for _ in range(steps):
        errors = [
            logistic(bias + sum(weight * value for weight, value in zip(weights, row))) - label
            for row, label in zip(rows, labels)
        ]
        bias -= rate * sum(errors) / len(rows)
        for column in range(len(weights)):
            gradient = sum(error * row[column] for error, row in zip(errors, rows)) / len(rows)
            weights[column] -= rate * gradient
    return [bias, weights]


def logistic(score: float) -> float:
    """1 / (1 + exp(-score)), without a large positive exponent."""
    if score >= 0:
        return 1 / (1 + exp(-score))
    return exp(score) / (1 + exp(score))

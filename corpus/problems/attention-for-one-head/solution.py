from math import exp, sqrt


def attend(
    queries: list[list[float]], keys: list[list[float]], values: list[list[float]], causal: bool
) -> list[list[float]]:
    """For each query the values, averaged by the softmax over the keys of the scaled dot products."""
    outputs = []
    for position, query in enumerate(queries):
        visible = position + 1 if causal else len(keys)
        scores = [sum(q * k for q, k in zip(query, key)) / sqrt(len(query)) for key in keys[:visible]]
        weights = softmax(scores)
        outputs.append([sum(w * v for w, v in zip(weights, column)) for column in zip(*values[:visible])])
    return outputs


def softmax(scores: list[float]) -> list[float]:
    """Shares that add up to one; only differences count, so the largest score is taken off against overflow."""
    largest = max(scores)
    raised = [exp(score - largest) for score in scores]
    total = sum(raised)
    return [each / total for each in raised]

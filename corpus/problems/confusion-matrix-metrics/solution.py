from collections import Counter


def metrics(truth: list[str], predicted: list[str]) -> dict:
    """`{"accuracy", "macro_f1", "per_class": {label: {"precision", "recall", "f1"}}}`.

    Raises:
        ValueError: the lists differ in length or are empty.
    """
    if not truth or len(truth) != len(predicted):
        raise ValueError("it takes as many predictions as true labels, and at least one")
    hits = Counter(true for true, guess in zip(truth, predicted) if true == guess)
    actual, flagged = Counter(truth), Counter(predicted)
    per_class = {}
    for label in actual | flagged:
        per_class[label] = {
            "precision": share(hits[label], flagged[label]),
            "recall": share(hits[label], actual[label]),
            "f1": share(2 * hits[label], actual[label] + flagged[label]),
        }
    return {
        "accuracy": sum(hits.values()) / len(truth),
        "macro_f1": sum(each["f1"] for each in per_class.values()) / len(per_class),
        "per_class": per_class,
    }


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0

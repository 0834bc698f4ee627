def similarity(one: str, other: str) -> float:
    """Cosine between the word counts of two texts; 0.0 if either has no words."""
    raise NotImplementedError

def encode(texts: list[str], vocabulary: dict[str, int], length: int) -> list[dict[str, list[int]]]:
    """`{"ids": ..., "mask": ...}` of `length` entries for each text, with an end mark and filling.

    Raises:
        ValueError: `length` is below 1.
    """
    raise NotImplementedError

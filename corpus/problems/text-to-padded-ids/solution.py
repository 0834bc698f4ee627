import re

TOKEN = re.compile(r"\w+|[^\w\s]")


def encode(texts: list[str], vocabulary: dict[str, int], length: int) -> list[dict[str, list[int]]]:
    """`{"ids": ..., "mask": ...}` of `length` entries for each text, with an end mark and filling.

    Raises:
        ValueError: `length` is below 1.
    """
    if length < 1:
        raise ValueError("there must be room for the end mark")
    rows = []
    for text in texts:
        tokens = TOKEN.findall(text.lower())[: length - 1]  # one place is kept for the end mark
        ids = [vocabulary.get(token, vocabulary["[UNK]"]) for token in tokens] + [vocabulary["[END]"]]
        filling = length - len(ids)
        rows.append({"ids": ids + [vocabulary["[PAD]"]] * filling, "mask": [1] * len(ids) + [0] * filling})
    return rows

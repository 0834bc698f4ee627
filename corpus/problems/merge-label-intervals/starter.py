def merge_labels(marks: list[list]) -> list[list]:
    """Marks `[start, end, label]` with those of one label merged where they overlap or touch.

    Sorted by start, then by label. The given list stays as it is.
    """
    raise NotImplementedError

def merge_labels(marks: list[list]) -> list[list]:
    """Marks `[start, end, label]` with those of one label merged where they overlap or touch.

    Sorted by start, then by label. The given list stays as it is.
    """
    merged: list[list] = []
    for start, end, label in sorted(marks, key=lambda mark: (mark[2], mark[0])):
        if merged and merged[-1][2] == label and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end, label])
    return sorted(merged, key=lambda mark: (mark[0], mark[2]))

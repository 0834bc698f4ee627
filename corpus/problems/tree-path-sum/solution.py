def highest_path(tree: dict | None) -> list | None:
    """`[total, rules]` of the way from the root to a leaf with the most points; None for an empty tree."""
    if tree is None:
        return None
    below = [highest_path(child) for child in (tree["yes"], tree["no"]) if child is not None]
    total, rules = max(below, key=lambda way: way[0]) if below else (0, [])  # max keeps the first of equals
    return [tree["points"] + total, [tree["rule"], *rules]]

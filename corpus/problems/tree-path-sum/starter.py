def highest_path(tree: dict | None) -> list | None:
    """`[total, rules]` of the way from the root to a leaf with the most points; None for an empty tree."""
    raise NotImplementedError

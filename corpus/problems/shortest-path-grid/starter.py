def fewest_moves(floor: list[str], start: list[int], goal: list[int]) -> int:
    """Smallest number of moves from `start` to `goal` over free cells, or -1."""
    raise NotImplementedError

def replay_reversed(head: dict | None, count: int) -> dict | None:
    """The chain with its first `count` batches in reverse order, by changing `"next"` of the given batches."""
    raise NotImplementedError

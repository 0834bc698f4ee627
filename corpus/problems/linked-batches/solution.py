def replay_reversed(head: dict | None, count: int) -> dict | None:
    """The chain with its first `count` batches in reverse order, by changing `"next"` of the given batches."""
    if head is None or count == 0:
        return head
    turned, current = None, head
    while current is not None and count > 0:
        following = current["next"]
        current["next"] = turned
        turned, current = current, following
        count -= 1
    head["next"] = current  # the former first batch is now the last of the turned part
    return turned

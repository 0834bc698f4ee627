def longest_run(tokens: list[str]) -> list[int]:
    """Start and length of the longest stretch without a repeated token, the earliest of equals."""
    raise NotImplementedError

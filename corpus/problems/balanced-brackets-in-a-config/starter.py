def first_fault(text: str) -> int:
    """Position of the first bracket or quote that is wrong, or -1."""
    raise NotImplementedError

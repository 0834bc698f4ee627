def serve(requests: list[dict], scores: dict[str, float], limit: int, window: float, lifetime: float) -> list[dict]:
    """An answer `{"status": ..., "body": ...}` for each request, with limits per client and remembered scores."""
    raise NotImplementedError

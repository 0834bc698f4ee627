from collections import defaultdict, deque


def serve(requests: list[dict], scores: dict[str, float], limit: int, window: float, lifetime: float) -> list[dict]:
    """An answer `{"status": ..., "body": ...}` for each request, with limits per client and remembered scores."""
    counted: defaultdict[str, deque[float]] = defaultdict(deque)
    fetched: dict[str, tuple[float, float]] = {}  # user to time and score

    def answer(request: dict) -> dict:
        for field in ("client", "user"):
            if not isinstance(request.get(field), str) or not request[field]:
                return reply(400, error=field)
        user, now, times = request["user"], request["time"], counted[request["client"]]
        while times and times[0] <= now - window:
            times.popleft()
        if len(times) >= limit:
            return reply(429, error="limit")
        times.append(now)
        if user in fetched and now - fetched[user][0] < lifetime:
            return reply(200, score=fetched[user][1], cached=True)
        if user not in scores:
            return reply(404, error="user")
        fetched[user] = (now, scores[user])
        return reply(200, score=scores[user], cached=False)

    return [answer(request) for request in requests]


def reply(status: int, **body: object) -> dict:
    return {"status": status, "body": body}

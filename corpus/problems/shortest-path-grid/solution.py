from collections import deque


def fewest_moves(floor: list[str], start: list[int], goal: list[int]) -> int:
    """Smallest number of moves from `start` to `goal` over free cells, or -1."""
    first, last = (start[0], start[1]), (goal[0], goal[1])
    if any(floor[row][column] == "#" for row, column in (first, last)):
        return -1
    moves = {first: 0}  # a cell is in here from the moment it is queued
    waiting = deque([first])
    while waiting:
        row, column = cell = waiting.popleft()
        if cell == last:
            return moves[cell]
        for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            inside = 0 <= near[0] < len(floor) and 0 <= near[1] < len(floor[0])
            if inside and near not in moves and floor[near[0]][near[1]] == ".":
                moves[near] = moves[cell] + 1
                waiting.append(near)
    return -1

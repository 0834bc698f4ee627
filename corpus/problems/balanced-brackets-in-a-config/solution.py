PARTNER = {")": "(", "]": "[", "}": "{"}


def first_fault(text: str) -> int:
    """Position of the first bracket or quote that is wrong, or -1."""
    opened: list[int] = []  # positions of brackets that wait for their partner
    quote = -1  # where the open quote began, or -1
    for position, character in enumerate(text):
        if character == '"':
            quote = position if quote < 0 else -1
        elif quote >= 0:
            continue
        elif character in PARTNER.values():
            opened.append(position)
        elif character in PARTNER:
            if not opened or text[opened[-1]] != PARTNER[character]:
                return position
            opened.pop()
    return opened[0] if opened else quote

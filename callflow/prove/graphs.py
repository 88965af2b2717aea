"""Questions about directed graphs of whole numbers. Knows nothing of machines; linear in what it is given."""

from collections.abc import Callable, Iterable, Iterator

Edges = Callable[[int], Iterable[int]]


def reachable(starts: Iterable[int], edges: Edges) -> set[int]:
    """Return every node that can be reached, the starts included."""
    seen = set(starts)
    stack = list(seen)
    while stack:
        for node in edges(stack.pop()):
            if node not in seen:
                seen.add(node)
                stack.append(node)
    return seen


def reversed_edges(nodes: Iterable[int], edges: Edges) -> dict[int, list[int]]:
    """Return for every node those that lead to it."""
    back: dict[int, list[int]] = {}
    for node in nodes:
        for target in edges(node):
            back.setdefault(target, []).append(node)
    return back


def circles(nodes: Iterable[int], edges: Edges) -> Iterator[list[int]]:
    """Yield the sets of nodes that lead to each other (Tarjan's strongly connected components that hold a circle)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    for root in nodes:
        if root in index:
            continue
        work: list[tuple[int, Iterator[int]]] = []
        _open(root, index, low, path, on_path)
        work.append((root, iter(edges(root))))
        while work:
            node, rest = work[-1]
            target = next(rest, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found = _close(node, path, on_path)
                    if len(found) > 1 or node in set(edges(node)):
                        yield found
            elif target not in index:
                _open(target, index, low, path, on_path)
                work.append((target, iter(edges(target))))
            elif target in on_path:
                low[node] = min(low[node], index[target])


def _open(node: int, index: dict[int, int], low: dict[int, int], path: list[int], on_path: set[int]) -> None:
    index[node] = low[node] = len(index)
    path.append(node)
    on_path.add(node)


def _close(node: int, path: list[int], on_path: set[int]) -> list[int]:
    found: list[int] = []
    while not found or found[-1] != node:
        found.append(path.pop())
        on_path.discard(found[-1])
    return found

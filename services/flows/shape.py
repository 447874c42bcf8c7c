"""Where paths lead: through the nodes of a flow, and from flow to flow. Linear, and without recursion."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from services.flows.nodes import Flow, Link

Ways = Mapping[str, Collection[str]]
"""From each node to those it leads to; all of them are keys."""


def reachable(starts: Iterable[str], ways: Ways) -> frozenset[str]:
    """Every node that a path from one of the starts comes to, themselves among them."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for each in ways[waiting.pop()]:
            if each not in found:
                found.add(each)
                waiting.append(each)
    return frozenset(found)


def loops_without_exit(ways: Ways, ends: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The loops that whoever is in them never leaves for one of the ends, each from its first node on.

    Every node but the ends leads somewhere, so whatever cannot come to an end comes into one of these.
    """
    stuck = ways.keys() - reachable(ends, _reversed(ways))
    seen: dict[str, int] = {}
    for number, first in enumerate(each for each in ways if each in stuck):
        path: list[str] = []
        here = first
        while here not in seen:
            seen[here] = number
            path.append(here)
            here = next(iter(ways[here]))
        if seen[here] == number:
            yield tuple(path[path.index(here) :])


def _reversed(ways: Ways) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {each: [] for each in ways}
    for each, onward in ways.items():
        for to in onward:
            back[to].append(each)
    return back


def link_circles(slugs: Iterable[str], flows: Mapping[str, Flow]) -> Iterator[tuple[str, ...]]:
    """Circles of links that can be come to from these flows: some on which the first one lies, if it lies on any."""
    done: set[str] = set()
    for slug in slugs:
        if slug not in done:
            yield from _circles_from(slug, flows, done)


def _circles_from(slug: str, flows: Mapping[str, Flow], done: set[str]) -> Iterator[tuple[str, ...]]:
    path = [slug]
    on_path = {slug: 0}
    waiting = [_linked(slug, flows)]
    while path:
        onward = next(waiting[-1], None)
        if onward is None:
            waiting.pop()
            done.add(path[-1])
            del on_path[path.pop()]
        elif onward in on_path:
            yield tuple(path[on_path[onward] :])
        elif onward not in done:
            on_path[onward] = len(path)
            path.append(onward)
            waiting.append(_linked(onward, flows))


def _linked(slug: str, flows: Mapping[str, Flow]) -> Iterator[str]:
    found = (node.flow for node in flows[slug].nodes.values() if isinstance(node, Link) and node.flow in flows)
    return iter(dict.fromkeys(found))

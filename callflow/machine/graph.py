"""The diagram of a machine as text for Mermaid and for Graphviz. What is drawn is in `diagram`; here is how.

Every word of a scheme goes through an escape, and no identifier comes from a scheme.
"""

import html
import re
from collections.abc import Callable, Iterator
from typing import Final

from callflow.machine.diagram import LABEL_CHARS_MAX, Card, Diagram, Edge, Node, Shape, clipped, diagram
from callflow.machine.model import Machine

_MERMAID_SHAPES: Final = {
    Shape.ENTRY: ("([", "])"),
    Shape.STEP: ("(", ")"),
    Shape.MENU: ("[", "]"),
    Shape.BRANCH: ("{{", "}}"),
    Shape.PARTY: ("(", ")"),
    Shape.END: ("([", "])"),
    Shape.FLOW: (">", "]"),
}
_COLOURS: Final = {
    Shape.ENTRY: "#ffffff",
    Shape.STEP: "#ffffff",
    Shape.MENU: "#d6e6f5",
    Shape.BRANCH: "#fdf1cf",
    Shape.PARTY: "#dcefd8",
    Shape.END: "#f6dcda",
    Shape.FLOW: "#e9e9e9",
}
"""Light enough for black letters, and apart from each other in grey."""

_MERMAID_PLAIN: Final = re.compile(r"""[^\W_]|(?<=[^\W_])_(?=[^\W_])|[ .,!?'+\-/=()…]""")
"""Signs that mean nothing to Mermaid and its Markdown within quotes. A colon does, behind the word `style`."""

_MERMAID_SIGNS: Final = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "\n": "<br/>"}

_DOT_SHAPES: Final = {
    Shape.ENTRY: 'shape=oval, style="filled,bold"',
    Shape.STEP: 'shape=box, style="rounded,filled"',
    Shape.MENU: "shape=box, style=filled",
    Shape.BRANCH: 'shape=hexagon, margin="0.02,0.05", style=filled',
    Shape.PARTY: 'shape=box, style="rounded,filled"',
    Shape.END: "shape=oval, style=filled",
    Shape.FLOW: "shape=cds, style=filled",
}
_DOT_CARD: Final = 'labeljust=l; fontsize=13; style=rounded; color="#999999"; bgcolor="#fafafa";'
_DOT_HEAD: Final = (
    "  rankdir=LR; nodesep=0.2; ranksep=0.35; labelloc=t; fontname=Arial; fontsize=16;",
    '  node [fontname=Arial, fontsize=11, margin="0.12,0.06", height=0.3, color="#444444"];',
    '  edge [fontname=Arial, fontsize=10, arrowsize=0.7, color="#444444"];',
)


Tint = Callable[[tuple[int, ...]], str]
"""Says which colour a box has, by the states that it stands for."""


def mermaid(machine: Machine, flow: str | None = None) -> str:
    """Return the diagram of a machine, or of one of its flows, as a Mermaid flowchart."""
    return "\n".join(_mermaid_lines(diagram(machine, flow))) + "\n"


def dot(machine: Machine, flow: str | None = None, tint: Tint | None = None) -> str:
    """Return the diagram of a machine, or of one of its flows, in Graphviz' language; boxes in colours of `tint`."""
    return "\n".join(_dot_lines(diagram(machine, flow), tint)) + "\n"


def _upwards(drawn: Diagram) -> Iterator[tuple[int, Card]]:
    """Yield the cards, the last one first: where they stand above each other, what comes last is put on top."""
    return reversed(list(enumerate(drawn.cards)))


def _origin(card: Card) -> Iterator[str]:
    """Yield the words behind a flow's name that say where it is entered from, if it is."""
    if card.before:
        yield clipped(f"from {', '.join(card.before)}", 2 * LABEL_CHARS_MAX)


def _name(id_: str, place: int) -> str:
    """Return what a node is called in a diagram: every card has signs of its own."""
    return id_ if id_.startswith("s") else f"{id_}c{place}"


# --- Mermaid --------------------------------------------------------------------------------------------------------


def _mermaid_lines(drawn: Diagram) -> Iterator[str]:
    yield "flowchart LR"
    for place, card in _upwards(drawn):
        yield f"    subgraph c{place}[{_mermaid_text(' '.join((card.flow, *_origin(card))))}]"
        yield "        direction LR"
        for node in card.nodes:
            yield f"        {_mermaid_node(node, place)}"
        for edge in card.edges:
            arrow = "-.->" if edge.again else "-->"
            text = f"|{_mermaid_text(edge.text)}|" if edge.text else ""
            yield f"        {_name(edge.source, place)} {arrow}{text} {_name(edge.target, place)}"
        yield "    end"
    yield f"    class {','.join(f'c{place}' for place in range(len(drawn.cards)))} card"
    yield "    classDef card fill:#fafafa,stroke:#999,color:#000"
    for shape, colour in _COLOURS.items():
        yield f"    classDef {shape.value} fill:{colour},stroke:#555,color:#000"


def _mermaid_node(node: Node, place: int) -> str:
    opening, closing = _MERMAID_SHAPES[node.shape]
    return f"{_name(node.id, place)}{opening}{_mermaid_text(node.text)}{closing}:::{node.shape.value}"


def _mermaid_text(text: str) -> str:
    """Return a text in quotes. All signs that Mermaid or its Markdown could take for theirs are written as numbers."""
    written = "".join(
        sign if _MERMAID_PLAIN.match(text, place) else _MERMAID_SIGNS.get(sign, f"#{ord(sign)};")
        for place, sign in enumerate(text)
    )
    return f'"{written}"'


# --- Graphviz -------------------------------------------------------------------------------------------------------


def _dot_lines(drawn: Diagram, tint: Tint | None) -> Iterator[str]:
    yield f"digraph {_dot_text(drawn.title)} {{"
    yield from _DOT_HEAD
    if drawn.title:
        yield f"  label={_dot_text(drawn.title)};"
    for place, card in _upwards(drawn):
        yield f"  subgraph cluster_{place} {{"
        yield f"    label=<{_dot_title(card)}>; id={_dot_text(f'f-{card.flow}')}; {_DOT_CARD}"
        for node in reversed(card.nodes):  # so are nodes and arrows put by Graphviz, but not by Mermaid
            yield f"    {_dot_node(node, place, tint)}"
        for edge in reversed(card.edges):
            yield f"    {_dot_edge(edge, place)}"
        yield "  }"
    yield "}"


def _dot_title(card: Card) -> str:
    title = f"<b>{html.escape(card.flow)}</b>"
    origin = "".join(f" {html.escape(part)}" for part in _origin(card))
    return f'{title}<font point-size="10" color="#555555">{origin}</font>' if origin else title


def _dot_node(node: Node, place: int, tint: Tint | None) -> str:
    rows = "\n" in node.text and node.shape is Shape.STEP
    colour = tint(node.states) if tint is not None and node.states else _COLOURS[node.shape]
    parts = [f"label={_dot_text(node.text, left=rows)}", _DOT_SHAPES[node.shape], f'fillcolor="{colour}"']
    classes = [node.shape.value]
    if node.states:
        parts.append(f'id="s-{node.states[0]}"')
        classes.extend(("state", node.kind, *(f"s-{number}" for number in node.states)))
    parts.append(f'class="{" ".join(classes)}"')
    parts.append(f"tooltip={_dot_tooltip(node.tooltip or node.text)}")
    return f"{_name(node.id, place)} [{', '.join(parts)}];"


def _dot_edge(edge: Edge, place: int) -> str:
    """Return an arrow. One that leads back is drawn from its head, so that what was written first stands first."""
    parts = [f"label={_dot_text(f' {edge.text} ')}"] if edge.text else []
    parts.extend(["style=dashed"] if edge.again else [])
    parts.extend(["dir=back"] if edge.back else [])
    attributes = f" [{', '.join(parts)}]" if parts else ""
    ends = (edge.target, edge.source) if edge.back else (edge.source, edge.target)
    return f"{' -> '.join(_name(end, place) for end in ends)}{attributes};"


def _dot_text(text: str, *, left: bool = False) -> str:
    """Return a label in quotes. Graphviz knows entities of HTML and sequences with a backslash everywhere."""
    text = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    ends = "\\l" if left else "\\n"
    text = text.replace("\n", ends)
    return f'"{text}{ends}"' if left else f'"{text}"'


def _dot_tooltip(text: str) -> str:
    """Return a tooltip in quotes. Unlike in a label, sequences with a backslash are looked for twice."""
    return _dot_text(text.replace("\\", "\\\\"))

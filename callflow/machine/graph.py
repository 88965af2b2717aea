"""The diagram of a machine as text for Mermaid and for Graphviz. What is drawn is in `diagram`; here is how.

Every word of a scheme goes through an escape, and no identifier comes from a scheme.
"""

import re
from collections.abc import Iterator
from typing import Final

from callflow.machine.diagram import Diagram, Edge, Node, Shape, diagram
from callflow.machine.model import Machine

_MERMAID_SHAPES: Final = {
    Shape.ENTRY: ("([", "])"),
    Shape.STEP: ("(", ")"),
    Shape.MENU: ("[", "]"),
    Shape.BRANCH: ("{{", "}}"),
    Shape.END: ("([", "])"),
    Shape.FLOW: ("[[", "]]"),
}
_MERMAID_CLASSES: Final = {
    Shape.ENTRY: ("entry", "#d5e8d4"),
    Shape.STEP: ("step", "#ffffff"),
    Shape.MENU: ("choice", "#dae8fc"),
    Shape.BRANCH: ("branch", "#fff2cc"),
    Shape.END: ("over", "#f8cecc"),
    Shape.FLOW: ("flow", "#eeeeee"),
}
_MERMAID_PLAIN: Final = re.compile(r"""[^\W_]|(?<=[^\W_])_(?=[^\W_])|[ .,!?'+\-/=()…]""")
"""Signs that mean nothing to Mermaid and its Markdown within quotes. A colon does, behind the word `style`."""

_MERMAID_SIGNS: Final = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "\n": "<br/>"}

_DOT_SHAPES: Final = {
    Shape.ENTRY: 'shape=oval, style=filled, fillcolor="#d5e8d4"',
    Shape.STEP: 'shape=box, style="rounded,filled", fillcolor="#ffffff"',
    Shape.MENU: 'shape=box, style=filled, fillcolor="#dae8fc"',
    Shape.BRANCH: 'shape=hexagon, margin="0.02,0.05", style=filled, fillcolor="#fff2cc"',
    Shape.END: 'shape=oval, style=filled, fillcolor="#f8cecc"',
    Shape.FLOW: 'shape=folder, style=filled, fillcolor="#eeeeee"',
}
_DOT_CLUSTER: Final = 'labeljust=l; style="rounded,filled"; color="#bbbbbb"; fillcolor="#f7f7f7";'
_DOT_HEAD: Final = (
    "  rankdir=TB; nodesep=0.35; ranksep=0.45; labelloc=t; fontname=Helvetica; fontsize=14;",
    '  node [fontname=Helvetica, fontsize=11, margin="0.15,0.07", height=0.3];',
    "  edge [fontname=Helvetica, fontsize=10, arrowsize=0.7];",
)


def mermaid(machine: Machine, flow: str | None = None) -> str:
    """Return the diagram of a machine, or of one of its flows, as a Mermaid flowchart."""
    return "\n".join(_mermaid_lines(diagram(machine, flow))) + "\n"


def dot(machine: Machine, flow: str | None = None) -> str:
    """Return the diagram of a machine, or of one of its flows, in Graphviz' language."""
    return "\n".join(_dot_lines(diagram(machine, flow))) + "\n"


# --- Mermaid --------------------------------------------------------------------------------------------------------


def _mermaid_lines(drawn: Diagram) -> Iterator[str]:
    yield "flowchart TD"
    for node in drawn.outside:
        yield f"    {_mermaid_node(node)}"
    for number, cluster in enumerate(drawn.clusters):
        yield f"    subgraph c{number}[{_mermaid_text(cluster.flow)}]"
        for node in cluster.nodes:
            yield f"        {_mermaid_node(node)}"
        yield "    end"
    for edge in drawn.edges:
        arrow = "-.->" if edge.again else "-->"
        text = f"|{_mermaid_text(edge.text)}|" if edge.text else ""
        yield f"    {edge.source} {arrow}{text} {edge.target}"
    for name, colour in _MERMAID_CLASSES.values():
        yield f"    classDef {name} fill:{colour},stroke:#555,color:#000"


def _mermaid_node(node: Node) -> str:
    opening, closing = _MERMAID_SHAPES[node.shape]
    return f"{node.id}{opening}{_mermaid_text(node.text)}{closing}:::{_MERMAID_CLASSES[node.shape][0]}"


def _mermaid_text(text: str) -> str:
    """Return a text in quotes. All signs that Mermaid or its Markdown could take for theirs are written as numbers."""
    written = "".join(
        sign if _MERMAID_PLAIN.match(text, place) else _MERMAID_SIGNS.get(sign, f"#{ord(sign)};")
        for place, sign in enumerate(text)
    )
    return f'"{written}"'


# --- Graphviz -------------------------------------------------------------------------------------------------------


def _dot_lines(drawn: Diagram) -> Iterator[str]:
    yield "digraph {"
    yield from _DOT_HEAD
    if drawn.title:
        yield f"  label={_dot_text(drawn.title)};"
    for node in drawn.outside:
        yield f"  {_dot_node(node)}"
    for number, cluster in enumerate(drawn.clusters):
        yield f"  subgraph cluster_{number} {{"
        yield f"    label={_dot_text(cluster.flow)}; {_DOT_CLUSTER}"
        for node in cluster.nodes:
            yield f"    {_dot_node(node)}"
        yield "  }"
    for edge in drawn.edges:
        yield f"  {_dot_edge(edge)}"
    yield "}"


def _dot_node(node: Node) -> str:
    return f"{node.id} [label={_dot_text(node.text)}, {_DOT_SHAPES[node.shape]}];"


def _dot_edge(edge: Edge) -> str:
    parts = [f"label={_dot_text(f' {edge.text} ')}"] if edge.text else []
    if edge.again:
        parts.append("style=dashed")
    attributes = f" [{', '.join(parts)}]" if parts else ""
    return f"{edge.source} -> {edge.target}{attributes};"


def _dot_text(text: str) -> str:
    """Return a text in quotes. Graphviz knows entities of HTML and sequences with a backslash everywhere."""
    text = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'

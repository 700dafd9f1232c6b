"""A graph with its layout and look, from which all shapes of a picture are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from viz import fonts
from viz.compose.boxes import SUNK, Content
from viz.graph.nodes import Graph, Node
from viz.layout.plan import Layout, Rect
from viz.scene import Text
from viz.style import Look, Theme


@dataclass(frozen=True, slots=True)
class Ground:
    """A graph that has been laid out.

    Arguments:
        graph: the graph.
        contents: the content of each node's box.
        layout: the positions.
        look: colours, sizes, and what to show.
    """

    graph: Graph
    contents: Mapping[str, Content]
    layout: Layout
    look: Look

    @property
    def em(self) -> float:
        return self.look.text

    @property
    def theme(self) -> Theme:
        return self.look.theme

    @property
    def horizontal(self) -> bool:
        """Whether the graph goes from left to right."""
        return self.look.rankdir == "LR"

    def nodes(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.graph.nodes}

    def body(self, id: str) -> Rect:
        """Return the rectangle of a node's body: the end of the node's rectangle; the badge is at its start."""
        content, rect = self.contents[id], self.layout.boxes[id]
        if self.horizontal:
            return Rect(rect.right - content.width / 2, rect.y, content.width, content.height)
        return Rect(rect.x, rect.bottom - content.height / 2, content.width, content.height)

    def seat(self, id: str) -> Rect | None:
        """Return the rectangle of a node's badge, or None."""
        content, rect = self.contents[id], self.layout.boxes[id]
        width, height = content.badge_width, content.badge_height
        if not content.badge:
            return None
        if not content.rows:
            return Rect(rect.x, rect.y, width, height)
        body, sunk = self.body(id), SUNK * self.em
        if self.horizontal:
            return Rect(body.left + sunk - width / 2, rect.y, width, height)
        return Rect(body.x, body.top + sunk - height / 2, width, height)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        color: str,
        *,
        size: float = 1.0,
        bold: bool = False,
        anchor: Literal["start", "middle", "end"] = "start",
    ) -> Text:
        """Return a line of text; the size is in em."""
        points = size * self.em
        return Text(x, y, text, points, color, bold, anchor, fonts.width(text, points, bold))

    def grid(self) -> tuple[int, int]:
        """Return the number of ranks, and of boxes in the fullest rank."""
        ranks = Counter(round(rect.x if self.horizontal else rect.y) for rect in self.layout.boxes.values())
        return len(ranks), max(ranks.values())

"""What a finished picture shows: its parts, its caption, and what must not move."""

from __future__ import annotations

from dataclasses import replace

from viz.scene import Part, Scene, Text


def parts(scene: Scene) -> dict[str, Part]:
    return {part.id: part for group in scene.groups for part in group.parts}


def caption(scene: Scene) -> list[str]:
    """The rows of a frame's caption."""
    return [shape.text for shape in parts(scene)["caption.said"].shapes if isinstance(shape, Text)]


def at_rest(part: Part) -> Part:
    """A part without what may change from frame to frame: text, colours, weights, whether it is seen."""
    shapes = []
    for shape in part.shapes:
        if isinstance(shape, Text):
            shape = replace(shape, text="", width=0.0)
        shapes.append(
            replace(
                shape,
                **{name: "" for name in ("color", "line", "fill") if hasattr(shape, name)},
                **({"weight": 0} if hasattr(shape, "weight") else {}),
            )
        )
    return Part(part.id, part.role, tuple(shapes))

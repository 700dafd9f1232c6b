"""The texts of slides. Pieces that stand side by side, such as a name, its index and its number, become one text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from microgrAD.steps import naming
from viz import fonts
from viz.scene import Rectangle, Text
from viz.write.pptx import xml

# em: how far the letters of a line reach below and above its baseline, between Verdana's and DejaVu Sans's
BELOW, ABOVE = 0.223, 0.966
_ALIGNED = {"start": "l", "middle": "ctr", "end": "r"}
_BEFORE = {"l": 0.0, "ctr": 0.5, "r": 1.0}  # the share of a text box's spare room that is left of the text


@dataclass(frozen=True)
class Line:
    """A line of text, as pieces; the first is not an index. `left` and `right`: its ends."""

    pieces: tuple[Text, ...]
    left: float
    right: float

    @property
    def y(self) -> float:
        return self.pieces[0].y

    @property
    def size(self) -> float:
        return self.pieces[0].size

    @property
    def lowered(self) -> bool:
        """Whether there is an index below the line, which would lift a line that stands on its bottom."""
        return any(piece.y > self.y + 0.1 * self.size for piece in self.pieces)

    @property
    def aligned(self) -> str:
        return _ALIGNED[self.pieces[0].anchor if len(self.pieces) == 1 else "middle"]

    @property
    def said(self) -> str:
        """The line in plain text."""
        return "".join(written for written, _ in self.runs())

    def runs(self) -> Iterator[tuple[str, Text]]:
        """Yield what is written, with the spaces between pieces, and each piece."""
        end = self.left
        for piece in self.pieces:
            left, right = _ends(piece)
            gap = round((left - end) / fonts.width(" ", self.size)) if piece.y == self.y else 0
            written = naming.as_text(piece.text) if fonts.mathematics(piece.text) else piece.text
            yield " " * max(gap, 0) + written, piece
            end = max(end, right)


def lines(texts: Sequence[Text]) -> list[Line]:
    """Return texts as lines. A piece belongs to the line before it if it begins near that line's end."""
    found: list[Line] = []
    for piece in texts:
        if not piece.text:
            continue
        left, right = _ends(piece)
        if found and _continues(found[-1], piece, left):
            found[-1] = replace(found[-1], pieces=(*found[-1].pieces, piece), right=max(found[-1].right, right))
        else:
            found.append(Line((piece,), left, right))
    return found


def box(id: int, name: str, line: Line, opacity: float) -> str:
    """Return a line as a text box."""
    top = line.y - ABOVE * line.size if line.lowered else line.y + (BELOW - 1.2) * line.size
    # some fonts are a little wider, and a text that is wider than its box grows to both sides
    spare = 0.04 * (line.right - line.left) + 0.2 * line.size
    place = xml.frame(line.left - spare * _BEFORE[line.aligned], top, line.right - line.left + spare, 1.2 * line.size)
    return (
        f'<p:sp><p:nvSpPr>{xml.named(id, name)}<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr>{place}'
        f"{xml.preset('rect')}<a:noFill/></p:spPr>{_body(line, opacity, (0.0, 0.0, 0.0), line.aligned)}</p:sp>"
    )


def on(shape: Rectangle, line: Line | None, opacity: float) -> str:
    """Return what is written on a box, in its place."""
    if line is None:
        return ""
    above = line.y - ABOVE * line.size - shape.y
    below = shape.y + shape.height - line.y - BELOW * line.size
    centred = abs((line.left + line.right) / 2 - shape.x - shape.width / 2) < 1.0
    left = 0.0 if centred else line.left - shape.x
    return _body(line, opacity, (left, above, below), "ctr" if centred else "l")


def _body(line: Line, opacity: float, insets: tuple[float, float, float], aligned: str) -> str:
    """Return the text of a shape; the insets are those at the left, above and below."""
    left, above, below = map(xml.emu, insets)
    where = f'tIns="{above}" bIns="0" anchor="t"' if line.lowered else f'tIns="0" bIns="{below}" anchor="b"'
    runs = "".join(_run(written, piece, line, opacity) for written, piece in line.runs())
    return (
        f'<p:txBody><a:bodyPr wrap="none" lIns="{left}" rIns="0" {where} rtlCol="0"><a:noAutofit/></a:bodyPr>'
        f'<a:lstStyle/><a:p><a:pPr algn="{aligned}"/>{runs}</a:p></p:txBody>'
    )


def _run(written: str, piece: Text, line: Line, opacity: float) -> str:
    """Return a piece in the theme's font. An index has the size of its line: programs make it smaller themselves."""
    size = round(100 * (piece.size if piece.y == line.y else line.size))
    shift = round((line.y - piece.y) / line.size * 100000)
    raised = f' baseline="{shift}"' if shift else ""
    bold = ' b="1"' if piece.bold else ""
    return (
        f'<a:r><a:rPr lang="en-US" sz="{max(size, 100)}"{bold}{raised} noProof="1">{xml.fill(piece.color, opacity)}'
        f'<a:latin typeface="+mn-lt"/></a:rPr><a:t>{xml.text(written)}</a:t></a:r>'
    )


def _ends(piece: Text) -> tuple[float, float]:
    left = piece.x - piece.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[piece.anchor]
    return left, left + piece.width


def _continues(line: Line, piece: Text, left: float) -> bool:
    on_it = piece.y == line.y or piece.size < line.size and abs(piece.y - line.y) < 0.6 * line.size
    return on_it and -0.5 * line.size < left - line.right < 1.0 * line.size

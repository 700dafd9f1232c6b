"""Names of a graph's nodes, the same in every medium; no two nodes have the same name.

A node's label is its name. Nodes without a label are named as in textbooks: x1, x2, ... for inputs, v1, v2, ... for
intermediate results, f for the result. A label that several nodes have is numbered: w[1], w[2].
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING

from microgrAD.formula.markup import ACCENTS, GREEK

if TYPE_CHECKING:
    from microgrAD.operators import Value

LONGEST = 40  # characters of a name; longer labels are cut
SYMBOL = 16  # characters of a name that LaTeX shows as a symbol; longer ones are shown as text
BROAD = "MWmw@%"  # letters that are about 1.7 times as wide as others
_DIRECTION_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def clean(label: str) -> str:
    """Return a label as one line of printable text, without control characters and marks of reading direction."""
    shown = "".join(" " if c.isspace() else c for c in label)
    return "".join(
        c for c in shown if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co") and c not in _DIRECTION_MARKS
    ).strip()


def names(order: Sequence[Value]) -> dict[Value, str]:
    """Return a name for each node.

    Arguments:
        order: the nodes, operands first; the last one is the result.

    >>> from microgrAD import Value
    >>> from microgrAD.graph import topological
    >>> x, y = Value(1, label="x"), Value(2)
    >>> list(names(topological((x + y) * x)).values())
    ['x', 'x1', 'v1', 'f']
    """
    labels = [_short(clean(v.label)) for v in order]
    uses = Counter(labels)
    taken = set(labels)
    series: dict[str, Iterator[str]] = {}
    found: dict[Value, str] = {}
    for v, label in zip(order, labels, strict=True):
        if label and uses[label] == 1:
            found[v] = label
            continue
        kind = label or ("x" if not v.op else "v" if v is not order[-1] else "f")
        if kind not in series:
            series[kind] = _numbered(kind) if label else _plain(kind)
        found[v] = name = free(series[kind], taken)
        taken.add(name)
    return found


def free(candidates: Iterable[str], taken: Iterable[str]) -> str:
    """Return the first of the candidates that is not taken."""
    return next(name for name in candidates if name not in taken)


def objective(taken: Iterable[str]) -> str:
    """Return the name of the result above the root, whose gradient flows into it: L, or L1, ... if that is taken."""
    return free(_result("L"), set(taken))


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"


def _plain(kind: str) -> Iterator[str]:
    return _result(kind) if kind == "f" else (f"{kind}{k}" for k in count(1))


def _result(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}{k}" for k in count(1))


def _numbered(label: str) -> Iterator[str]:
    return (f"{label}[{k}]" for k in count(1))


# ---------------------------------------------------------------------------------------------- names in a formula


def mathematics(label: str) -> str:
    r"""Return the LaTeX of a label between dollars, such as $w_{12}^{[2]}$; "" for any other label.

    Only letters, digits, signs, indices, accents and a few commands count as mathematics, so that no label of a user
    runs a command of TeX.

    >>> mathematics("$w_{12}^{[2]}$"), mathematics("5 $"), mathematics(r"$\input{x}$")
    ('w_{12}^{[2]}', '', '')
    """
    found = _MATHEMATICS.fullmatch(label)
    if not found or not set(re.findall(r"\\([A-Za-z]+)", found[1])) <= _COMMANDS:
        return ""
    depth = 0
    for c in found[1]:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return ""
    return "" if depth else found[1]


def as_text(name: str) -> str:
    """Return a name for a formula in plain text. A name of several words gets parentheses."""
    if inner := mathematics(name):
        return _spoken(inner)
    return name if _WORD.fullmatch(name) else f"({name})"


def plain(name: str) -> str:
    """Return a name on its own in plain text."""
    return as_text(name) if mathematics(name) else name


def _spoken(latex: str) -> str:
    """Return mathematics as plain text: ŵ_12^[2] for \\hat{w}_{12}^{[2]}."""
    for name, (_, mark) in ACCENTS.items():
        latex = re.sub(rf"\\{name} ?\{{?(\\[A-Za-z]+|[A-Za-z])\}}?", rf"\g<1>{mark}", latex)
    signs = {"cdot": "·", "times": "×", "partial": "∂", "nabla": "∇", "ell": "ℓ", "infty": "∞", "prime": "′", **GREEK}
    latex = re.sub(r"\\([A-Za-z]+)", lambda found: signs.get(found[1], ""), latex)
    return unicodedata.normalize("NFC", re.sub(r"[{}\\]", "", latex))


def as_latex(name: str, text: Callable[[str], str] | None = None) -> str:
    r"""Return a name in LaTeX's mathematics mode: x_{1} for x1, \alpha for alpha, \hat{y} for ŷ, or a text.

    Arguments:
        name: the name of a node.
        text: writes a name that is no symbol, inside of \text{...}; by default `escape`.

    >>> as_latex("w13"), as_latex("loss"), as_latex("x1*w1 & 50%")
    ('w_{13}', '\\mathit{loss}', '\\text{(x1*w1 \\& 50\\%)}')
    >>> as_latex("w3_12")
    'w_{3,12}'
    """
    if inner := mathematics(name):
        return inner
    found = len(name) <= SYMBOL and _SYMBOL.fullmatch(unicodedata.normalize("NFD", name))
    if not found:
        return rf"\text{{{(text or escape)(as_text(name))}}}"
    letters, digits, below, times = (part or "" for part in found.groups())
    comma = "," if digits and below.isdigit() else ""
    subscript = digits + comma + (_letters(below) if below else "") + (f"[{times}]" if times else "")
    return _letters(letters) + (f"_{{{subscript}}}" if subscript else "")


def escape(text: str) -> str:
    """Return a user's text for LaTeX. A character that pdflatex has no glyph for is written as its code point."""
    return "".join(_SPECIAL.get(c) or _glyph(c) for c in _SIGN.findall(text))


def abridged(text: str, most: float, measure: Callable[[str], float] | None = None) -> str:
    """Return the text, or as much of its beginning and end as fits.

    Arguments:
        text: the text.
        most: the width that is allowed.
        measure: returns the width of a text; by default in letters, as LaTeX prints them.

    >>> abridged("the loss of the whole training set", 20)
    'the loss of…ing set'
    """
    measure = measure or _latex_width
    if measure(text) <= most:
        return text
    first = last = 0
    while measure(text[: first + 1] + "…") <= 2 / 3 * most:
        first += 1
    while measure(text[:first] + "…" + text[len(text) - last - 1 :]) <= most:
        last += 1
    return f"{text[:first].rstrip()}…{text[len(text) - last :].rpartition('…')[2].lstrip()}"


def _latex_width(text: str) -> float:
    """Return the width of a text in LaTeX, in letters."""
    written = (_SPECIAL.get(c) or _glyph(c) for c in _SIGN.findall(text))
    return sum(1.7 if c in BROAD else len(c) if c.startswith("[U+") else 1 for c in written)


def _glyph(c: str) -> str:
    if c in _LETTERS:
        return rf"$\{_LETTERS[c]}$"
    if not _accented(c) and (found := _MARKED.fullmatch(unicodedata.normalize("NFD", c))):
        return rf"$\{_MARKS[found[2]]}{{\mathrm{{{found[1]}}}}}$"
    return c if c.isascii() or _accented(c) else f"[U+{ord(c):04X}]"


def _letters(word: str) -> str:
    if found := _MARKED.fullmatch(word):
        return rf"\{_MARKS[found[2]]}{{{_letters(found[1])}}}"
    if word in GREEK or _LETTERS.get(word):
        return "\\" + (_LETTERS.get(word) or word)
    return word if len(word) == 1 or word.isdigit() else rf"\mathit{{{word}}}"


def _accented(c: str) -> bool:
    """Return whether TeX's oldest fonts can print a character as a letter with an accent, such as é."""
    parts = unicodedata.normalize("NFD", c)
    return "\u00c0" <= c <= "\u00ff" and len(parts) == 2 and parts[0].isascii()


_MATHEMATICS = re.compile(r"\$([A-Za-z0-9 _^{}\[\]()+\-*/=,.'|\\]+)\$")
_COMMANDS = {
    *GREEK,
    *ACCENTS,
    *("cdot", "times", "partial", "nabla", "ell", "infty", "prime", "mathrm", "mathbf", "mathit", "mathcal", "theta"),
}
_LETTERS = {letter: name for name, letter in GREEK.items()}
_MARKS = {mark: name for name, (_, mark) in ACCENTS.items()}
_LETTER, _MARK = f"[A-Za-z{''.join(_LETTERS)}]", f"[{''.join(_MARKS)}]"
_MARKED = re.compile(f"({_LETTER})({_MARK})")
_SIGN = re.compile(f"{_LETTER}{_MARK}|.", re.DOTALL)
_WORD = re.compile(r"[^\W\d][\w\u0300-\u036f\u20d7]*(\[\d+\])?[′']*")
_SYMBOL = re.compile(
    rf"([A-Za-z]+|{_LETTER}{_MARK}?|[A-Za-z]+\d[A-Za-z\d]*[A-Za-z][A-Za-z\d]*)(\d*)"
    r"(?:_([A-Za-z]+|\d+))?(?:\[(\d+)\])?",
    re.ASCII,
)
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "-": "-{}",
    "`": "`{}",
    "'": "'{}",
    "ß": r"\ss{}",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "−": "$-$",
    "…": r"\dots{}",
}

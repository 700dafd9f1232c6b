"""Draws numbers for an expression until all that is asked for can be read and worked with by hand."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from microgrAD.errors import DomainError
from microgrAD.explanation.blanks import Choice, chosen
from microgrAD.explanation.exam.rules import Generator, Random, Rule, narrowest
from microgrAD.explanation.lines import complete
from microgrAD.explanation.marking import follows, partials
from microgrAD.expression import parse
from microgrAD.expression.grammar import statements
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Trace

TRIES = 400  # for one variant, as on pages
PATIENCE = 60  # tries without one that has no fault at all; then the one with the fewest is taken
LOOSE = 150  # tries with a loosened rule, to find the one that is too tight


@dataclass(frozen=True, slots=True)
class Variant:
    """An expression with its numbers."""

    expression: str
    numbers: Mapping[str, float]

    def trace(self, gradient: float = 1.0) -> Trace:
        """Return the trace of its backward pass. `gradient`: what flows into the result."""
        return steps(parse(self.expression, **self.numbers), gradient=gradient)


@dataclass(frozen=True)
class Template:
    """An expression at its first numbers, and how pleasant others are.

    Arguments:
        expression: the expression.
        rules: the rule of each of its inputs.
        trace: the trace at the first numbers.
        asked: the keys of the numbers that are asked for.
        digits: significant digits of the numbers that are shown.
        zeros: the keys of numbers that are 0 whatever is drawn.
    """

    expression: str
    rules: Mapping[str, Rule]
    trace: Trace
    asked: Sequence[str]
    digits: int
    zeros: frozenset[str] = frozenset()

    def replayed(self, numbers: Mapping[str, float]) -> dict[str, float] | None:
        """Return all numbers of the trace for other inputs; None if some have no value."""
        trace, found = self.trace, dict[str, float]()
        for v in trace.variables.values():
            key = f"{v.id}.data"
            found[key] = follows(trace, key, found.__getitem__) if v.op else numbers.get(v.name, v.data)
            if not math.isfinite(found[key]):
                return None
        found |= {f"{id}.derivative": x for id, x in trace.derivatives.items()}
        for edges in complete(trace):  # from the root back: each follows from those above it
            key = f"{edges[-1].arg.id}.derivative"
            found[key] = follows(trace, key, found.__getitem__)
            if not math.isfinite(found[key]):
                return None
        return found

    def forbidden(self, found: Mapping[str, float]) -> str:
        """Return what makes numbers useless, in words: a result that is 0, tiny or huge, or lies on a kink."""
        for key in self.asked:
            x = found[key]
            if x == 0 and key not in self.zeros:
                return f"{self.name(key)} is 0"
            if x != 0 and not 0.001 <= abs(x) < 1000:
                return f"{self.name(key)} is of the size {abs(x):.2g}"
        return f"{kink} is on a kink" if (kink := self.on_a_kink(found)) else ""

    def faults(self, found: Mapping[str, float]) -> int:
        """Return how many numbers are hard to read or to work with: long ones, and nodes that hardly change."""
        long = sum(len(_written(found[key], self.digits)) > max(self.digits, 4) + 1 for key in self.asked)
        for v in self.trace.variables.values():
            slopes = zip(partials(v, found.__getitem__), v.args, strict=True) if v.op else ()
            long += any(isinstance(arg, str) and s != 0 and abs(s) < 0.01 for s, arg in slopes)
        return long

    def name(self, key: str) -> str:
        """Return the name of a number: of a node, or of its gradient."""
        id, kind = key.split(".")
        name = self.trace.variables[id].name
        return name if kind == "data" else f"the gradient at {name}"

    def on_a_kink(self, found: Mapping[str, float]) -> str:
        """Return the name of a node that is computed on a kink, where its slope jumps, such as relu(0); "" if none."""
        for v in self.trace.variables.values():
            if v.op:
                sides = [partials(v, _moved(found, v.args, side)) for side in (-1e-7, 1e-7)]
                if any(abs(a - b) > 1e-3 * max(1, abs(a)) for a, b in zip(*sides, strict=True)):
                    return v.name
        return ""


def _moved(found: Mapping[str, float], args: Sequence[str | float], by: float) -> _Get:
    """Return the numbers with the first operand moved a little."""
    first = next((f"{arg}.data" for arg in args if isinstance(arg, str)), "")
    return _Get(found, first, by)


@dataclass(frozen=True, slots=True)
class _Get:
    found: Mapping[str, float]
    key: str
    by: float

    def __call__(self, key: str) -> float:
        return self.found[key] + (self.by if key == self.key else 0.0)


def _written(x: float, digits: int) -> str:
    """Return the digits that a page shows of a number from 0.001 to 1000 in size."""
    exponent = int(f"{x:.{digits - 1}e}".partition("e")[2])
    written = f"{abs(x):.{max(digits - 1 - exponent, 0)}f}"
    return (written.rstrip("0") if "." in written else written).replace(".", "")


# ---------------------------------------------------------------------------------------------- drawing


def variants(
    expressions: Sequence[str],
    rules: Mapping[str, Rule],
    count: int,
    *,
    seed: int = 0,
    blanks: Choice = True,
    digits: int = 4,
    gradient: float = 1.0,
) -> list[Variant]:
    """Return different variants with pleasant numbers, the same for the same seed.

    Arguments:
        expressions: the expressions; variants take them in turn.
        rules: a rule for each input of any of them.
        count: how many variants.
        seed: a whole number, which chooses the numbers.
        blanks: what is asked for, as for `chosen`.
        digits: significant digits of the numbers that are shown.
        gradient: what flows into the result.
    Raises: ValueError if there are no pleasant numbers, or too few; it says which rule to loosen.
    """
    found: list[Variant] = []
    seen: set[tuple[str, tuple[float, ...]]] = set()
    templates = [_template(text, rules, blanks, digits, gradient, Generator(seed)) for text in expressions]
    for k in range(count):
        template = templates[k % len(templates)]
        random = Generator(seed + 0x9E3779B1 * (k + 1))
        for numbers in _pleasant(template, template.rules, random, TRIES):
            mark = (template.expression, tuple(numbers.values()))
            if mark not in seen:
                seen.add(mark)
                found.append(Variant(template.expression, numbers))
                break
        else:
            raise ValueError(_none_left(template, found, count, seed))
    return found


def _template(
    text: str, rules: Mapping[str, Rule], blanks: Choice, digits: int, gradient: float, random: Random
) -> Template:
    names = _names(text)
    own = {name: rule for name, rule in rules.items() if name in names}
    error: Exception | None = None
    for _ in range(TRIES):
        numbers = {name: rule.draw(random) for name, rule in own.items()}
        try:
            trace = steps(parse(text, **numbers), gradient=gradient)
        except DomainError as refused:
            error = refused
            continue
        asked = [blank.key for blank in chosen(trace, blanks)]
        template = Template(text, own, trace, asked, digits)
        draws = [{name: rule.draw(random) for name, rule in own.items()} for _ in range(8)]
        some = [found for draw in draws if (found := template.replayed(draw))]
        return replace(template, zeros=frozenset(key for key in asked if all(found[key] == 0 for found in some)))
    raise ValueError(
        f"no numbers of these rules give {text!r} a value: {str(error).splitlines()[0]}; loosen {_listed(own)}"
    )


def _names(text: str) -> set[str]:
    """Return the names that an expression reads."""
    return {step.text for statement in statements(text) for step in statement.instructions if step.do == "name"}


def _pleasant(
    template: Template, rules: Mapping[str, Rule], random: Random, tries: int, faults: Counter[str] | None = None
) -> Iterator[dict[str, float]]:
    """Yield numbers without fault; if none come for a while, those with the fewest.

    Nothing that is forbidden is yielded; `faults` counts what was.
    """
    second: list[tuple[int, dict[str, float]]] = []
    for tried in range(tries):
        numbers = {name: rule.draw(random) for name, rule in rules.items()}
        found = template.replayed(numbers)
        wrong = "some numbers have no value" if found is None else template.forbidden(found)
        if found is None or wrong:
            if faults is not None:
                faults[wrong] += 1
        elif count := template.faults(found):
            second.append((count, numbers))
        else:
            yield numbers
            second.clear()
        if second and tried >= PATIENCE:
            break
    yield from (numbers for _, numbers in sorted(second, key=lambda pair: pair[0]))


def _none_left(template: Template, found: Sequence[Variant], count: int, seed: int) -> str:
    """Return why there are no more variants, and which rule to loosen."""
    own = [v for v in found if v.expression == template.expression]
    if own:
        name = narrowest(dict(template.rules))
        tight = f"the rule of {name!r}, {template.rules[name].said!r}" if name else "a rule"
        return (
            f"only {len(found)} different variants with pleasant numbers were found, and {count} are asked for; "
            f"loosen {tight}, or take fewer"
        )
    faults: Counter[str] = Counter()
    list(_pleasant(template, template.rules, Generator(seed), LOOSE, faults))
    why = f"no pleasant numbers for {template.expression!r} were found in {TRIES} draws"
    usual = f": mostly, {faults.most_common(1)[0][0]}" if faults else ""
    for name, rule in template.rules.items():
        loose = {**template.rules, name: rule.loosened()}
        if next(_pleasant(template, loose, Generator(seed), LOOSE), None):
            return f"{why}{usual}; loosen the rule of {name!r}, {rule.said!r}"
    return f"{why}{usual}; loosen {_listed(template.rules)}"


def _listed(rules: Mapping[str, Rule]) -> str:
    """Return the rules in words."""
    said = [f"{name!r}, {rule.said!r}" for name, rule in rules.items()]
    return f"the rule{'s' * (len(said) > 1)} of " + ", and of ".join(said) if said else "the expression"

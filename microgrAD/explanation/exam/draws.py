"""Draws numbers for an expression until all that is asked for can be read and worked with by hand."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from microgrAD.errors import DomainError
from microgrAD.explanation.blanks import Blank, Choice, chosen
from microgrAD.explanation.exam.rules import Generator, Random, Rule, narrowest
from microgrAD.explanation.lines import complete
from microgrAD.explanation.marking import follows, partials, truths
from microgrAD.expression import parse
from microgrAD.expression.grammar import statements
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Trace

TRIES = 400  # for one variant, as on pages
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
    """

    expression: str
    rules: Mapping[str, Rule]
    trace: Trace
    asked: Sequence[str]
    digits: int

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

    def faults(self, found: Mapping[str, float]) -> list[str]:
        """Return what is hard to read or to work with, in words."""
        first = truths(self.trace)
        said = [
            f"{self.name(key)} {fault}"
            for key in self.asked
            if (fault := _fault(found[key], first[key], self.digits))
        ]
        for v in self.trace.variables.values():
            slopes = partials(v, found.__getitem__) if v.op else []
            if any(
                isinstance(arg, str) and s != 0 and abs(s) < 0.01 for s, arg in zip(slopes, v.args, strict=bool(v.op))
            ):
                said.append(f"{v.name} hardly changes with its operand")
        return said

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


def _fault(x: float, before: float, digits: int) -> str:
    """Return why a number is unpleasant, or ""; the same rules as in pages, in draws.js."""
    if x == 0 and before != 0:
        return "is 0"
    if x != 0 and (abs(x) < 0.001 or abs(x) >= 1000):
        return f"has the size {abs(x):.2g}"
    if len(_written(x, digits)) > max(digits, 4) + 1:
        return "has too many digits"
    return ""


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
        except DomainError as found:
            error = found
            continue
        asked: list[Blank] = chosen(trace, blanks)
        return Template(text, own, trace, [blank.key for blank in asked], digits)
    raise ValueError(
        f"no numbers of these rules give {text!r} a value: {str(error).splitlines()[0]}; loosen {_listed(own)}"
    )


def _names(text: str) -> set[str]:
    """Return the names that an expression reads."""
    return {step.text for statement in statements(text) for step in statement.instructions if step.do == "name"}


def _pleasant(
    template: Template, rules: Mapping[str, Rule], random: Random, tries: int, faults: Counter[str] | None = None
) -> Iterator[dict[str, float]]:
    """Yield numbers without fault. `faults` counts what is wrong with the others."""
    for _ in range(tries):
        numbers = {name: rule.draw(random) for name, rule in rules.items()}
        found = template.replayed(numbers)
        wrong = ["some have no value"] if found is None else template.faults(found)
        if found is not None and not wrong and (kink := template.on_a_kink(found)):
            wrong = [f"{kink} is on a kink"]
        if not wrong:
            yield numbers
        elif faults is not None:
            faults.update(wrong)


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

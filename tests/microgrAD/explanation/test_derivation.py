"""Derivations in letters: as a person writes them, equal to `backward` in numbers and to SymPy in symbols."""

from __future__ import annotations

import ast
import math
import re
import sys
from typing import Any

import pytest
import sympy
from graphs import graphs
from hypothesis import assume, given, settings

from microgrAD import OPS, DomainError, Value, parse
from microgrAD.engine import apply
from microgrAD.explanation import derive, explain_paths, layer_rule, paths, why_zero
from microgrAD.explanation.derivation import Derivation
from microgrAD.gallery import find, networks
from microgrAD.graph import topological
from microgrAD.losses import mse
from microgrAD.nn import MLP
from microgrAD.nn.layers import ACTIVATIONS
from microgrAD.steps import Backward, steps


def nodes(root: Value) -> dict[str, Value]:
    return {v.label: v for v in topological(root)}


def neuron() -> Value:
    w, x, b, y = (Value(number, label=name) for name, number in (("w1", 2.0), ("x1", 3.0), ("b", 1.0), ("y", 0.0)))
    n = w * x + b
    n.label = "n"
    out = n.sigmoid()
    out.label = "ŷ"
    loss = (out - y) ** 2 / 2
    loss.label = "L"
    return loss


# ---------------------------------------------------------------------------------------------- as a person writes


def test_the_neurons_derivation() -> None:
    loss = neuron()
    found = derive(loss, wrt=nodes(loss)["w1"])
    assert found.text == "(ŷ − y) · ŷ · (1 − ŷ) · x1"
    assert [line.split(" = ")[0].strip() for line in str(found).splitlines()] == [
        "∂L/∂ŷ",
        "∂ŷ/∂n",
        "∂n/∂w1",
        "∂L/∂w1",
    ]
    assert "from L = (ŷ − y)² / 2" in str(found)
    assert r"\left(\hat{y} - y\right) \cdot \hat{y} \cdot \left(1 - \hat{y}\right) \cdot x_{1}" in found.latex
    assert found.mathml.startswith("<") and "<mi>y</mi>" in found.mathml
    assert derive(loss, nodes(loss)["y"]).text == "y − ŷ"
    assert derive(loss, nodes(loss)["b"]).text == "(ŷ − y) · ŷ · (1 − ŷ)"


def test_constants_are_left_out() -> None:
    loss = neuron()
    by = {f.by.name for f in derive(loss, nodes(loss)["w1"]).factors}
    assert by == {"ŷ", "n", "w1"}


def test_a_fan_out_is_a_sum_of_paths() -> None:
    total = find("mazur").make().root
    found = derive(total, nodes(total)["w1"])
    assert len(found.paths()) == 2
    assert found.text == (
        "((out_o1 − 0.01) · out_o1 · (1 − out_o1) · w5 + (out_o2 − 0.99) · out_o2 · (1 − out_o2) · w7)"
        " · out_h1 · (1 − out_h1) · i1"
    )


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("x / y", "1 / y"),
        ("y / x", "−y / x²"),
        ("x * x * x", "3 · x²"),
        ("x ** 3 + x ** 2", "3 · x² + 2 · x"),
        ("(x - y) * (x - y)", "2 · (x − y)"),
        ("-x * -x", "2 · x"),
        ("x - x", "0"),
        ("(3 * x + 1) / (2 * y)", "3 / (2 · y)"),
        ("sqrt(x)", "1 / (2 · √(x))"),
        ("exp(x * y)", "exp(x · y) · y"),
        ("log(x) * x", "ln(x) + 1"),
        ("tanh(x)", "1 − tanh(x)²"),
        ("y - x", "−1"),
        ("x ** y", "y · x^(y − 1)"),
        ("(y - x) ** 2", "2 · (x − y)"),
        ("step(x)", "0"),
    ],
)
def test_it_is_simplified(expression: str, written: str) -> None:
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    root = parse(expression, x=x, y=y) if "y" in expression else parse(expression, x=x)
    assert derive(root, x).text in (written, " + ".join(reversed(written.split(" + "))))


def test_letters_can_be_chosen() -> None:
    loss = neuron()
    found = derive(loss, nodes(loss)["w1"], letters=[])
    assert found.text.count("σ(w1 · x1 + b)") == 3


def test_what_is_not_in_the_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="does not depend on v"):
        derive(neuron(), Value(1.0, label="v"))
    with pytest.raises(TypeError, match="two Values"):
        derive(neuron(), "w1")  # type: ignore[arg-type]


def test_what_is_too_large_is_refused() -> None:
    x = Value(0.5, label="x")
    v = x
    for _ in range(40):
        v = v.sin() * v.cos()
    with pytest.raises(ValueError, match="give inner nodes labels"):
        derive(v, x)


# ---------------------------------------------------------------------------------------------- numbers


def bound(root: Value) -> dict[Value, float]:
    """How large what flows to each node is in all, without signs: rounding is relative to it."""
    trace = steps(root)
    flows = {trace.root.id: 1.0}
    for e in trace:
        if isinstance(e, Backward):
            flows[e.arg.id] = flows.get(e.arg.id, 0.0) + flows[e.node.id] * (abs(e.local) + 1)
    return {trace.variables[id].value: flow for id, flow in flows.items()}


def test_random_expressions_agree_with_backward() -> None:
    count = {"compared": 0, "left out": 0}

    @settings(max_examples=1000, deadline=None)
    @given(graphs(most=7))
    def agree(root: Value) -> None:
        trace, flows = steps(root), bound(root)
        assume(all(not v.data or abs(v.data) >= sys.float_info.min for v in trace.variables.values()))  # all digits
        for v in trace.variables.values():
            if v.op:
                continue
            try:
                found = derive(root, v.value).evaluate()
            except (DomainError, ZeroDivisionError, OverflowError):
                count["left out"] += 1  # where the textbook's formula has no number, such as 0 · 0⁻¹
                continue
            count["compared"] += 1
            assert abs(found - trace.derivatives[v.id]) <= 1e-9 * max(flows[v.value], 1)

    agree()
    assert count["compared"] >= 1000
    assert count["left out"] < 0.1 * count["compared"]


@pytest.mark.parametrize("op", [op for op in OPS.values() if not op.variadic], ids=lambda op: op.name)
@pytest.mark.parametrize("numbers", [(0.3, 0.7, 1.1), (0.9, 0.2, 0.4)])
def test_every_operation_agrees_with_backward(op: Any, numbers: tuple[float, ...]) -> None:
    shift = 1.0 if "x >= 1" in op.domain else 0.0
    args = [
        Value(number + shift, label=f"x{k}") for k, number in enumerate(numbers[: len(op.args) - len(op.constants)])
    ]
    root = apply(op.name, (*args, *op.constants.values()))
    trace = steps(root)
    for v in trace.variables.values():
        if not v.op and v.value in args:
            assert derive(root, v.value).evaluate() == pytest.approx(trace.derivatives[v.id], rel=1e-12)


@pytest.mark.parametrize("name", [op.name for op in OPS.values() if op.variadic])
def test_operations_of_any_number_of_operands(name: str) -> None:
    args = [Value(number, label=f"x{k}") for k, number in enumerate((0.3, 0.7, 1.1, -2.0))]
    root = apply(name, args)
    root.backward()
    assert [derive(root, v).evaluate() for v in args] == [v.grad for v in args]


@pytest.mark.parametrize("entry", ["lecture-network", "mazur"])
def test_every_weight_of_the_gallerys_networks(entry: str) -> None:
    root = find(entry).make().root
    root.backward()
    for v in topological(root):
        assert derive(root, v).evaluate() == pytest.approx(v.grad, rel=1e-12)


# ---------------------------------------------------------------------------------------------- SymPy

SMOOTH: dict[str, Any] = {
    **{name: getattr(sympy, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan")},
    **{name: getattr(sympy, name) for name in ("sinh", "cosh", "tanh", "asinh", "atanh", "erf", "erfc")},
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
    "silu": lambda x: x / (1 + sympy.exp(-x)),
    "gelu": lambda x: x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
    "expm1": lambda x: sympy.exp(x) - 1,
    "log1p": lambda x: sympy.log(1 + x),
    "pi": sympy.pi,
}


def in_sympy(found: Derivation, tree: ast.expr) -> Any:
    letters = {v.id: sympy.Symbol(v.name, positive=True) for v in found.trace.variables.values()}
    return sympy.sympify(eval(ast.unparse(tree), {**SMOOTH, **letters}), rational=True)


def agrees(root: Value, x: Value, value: Any) -> None:
    found = derive(root, x, letters=[])
    ours, theirs = in_sympy(found, found.tree), sympy.diff(value, sympy.Symbol(x.label, positive=True))
    assert sympy.simplify((ours - theirs).rewrite(sympy.exp)) == 0, (ours, theirs)


@pytest.mark.parametrize("name", [name for name in SMOOTH if name in OPS])
def test_every_smooth_operation_agrees_with_sympy(name: str) -> None:
    x = Value(0.5, label="x")
    agrees(apply(name, (x, *OPS[name].constants.values())), x, SMOOTH[name](sympy.Symbol("x", positive=True)))


@pytest.mark.parametrize(
    "expression",
    [
        "(1 / (1 + exp(-(w*x + b))) - y)**2 / 2",
        "(sigmoid(w*x + b) - y)**2 / 2",
        "tanh(x*y) * x",
        "x**3 / (x**2 + y**2)",
        "sin(x**2) / x",
        "log(x*y) + x*y - sin(y)",
        "(x + y)**2 * (x - y)",
        "x**y * y**x",
        "1 / x - 1 / (x*x)",
        "sqrt(x**2 + y**2)",
        "-log(sigmoid(w*x + b))",
        "exp(-x**2 / 2) / sqrt(2*b)",
        "((x - y) / (x + y))**3",
        "x / 3 + x / 7 - 2 * x",
    ],
)
def test_expressions_agree_with_sympy(expression: str) -> None:
    values = {name: 0.5 for name in "wxby" if re.search(rf"\b{name}\b", expression)}
    letters = {name: Value(number, label=name) for name, number in values.items()}
    symbols = {name: sympy.Symbol(name, positive=True) for name in values}
    root = parse(expression, **letters)
    for name in values:
        agrees(root, letters[name], sympy.sympify(eval(expression, {**SMOOTH, **symbols})))


# ---------------------------------------------------------------------------------------------- the rule for a layer


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name in OPS])
def test_the_rule_of_a_layer_is_true(activation: str) -> None:
    """Python computes δ of a hidden layer from the rule's own text, and `backward` the same numbers."""
    model = MLP(2, [3, 2], activation=[activation, "linear"], rng=2)
    hidden, last = model.layers
    x = [6.3, 6.6] if "x >= 1" in OPS[activation].domain else [0.3, 0.6]
    for neuron in hidden.neurons:
        for w in neuron.w:
            w.data = abs(w.data) / 2 + 0.1  # inside of the domain of every operation
    sums = [sum((w * number for w, number in zip(n.w, x, strict=True)), Value(0.0)) for n in hidden.neurons]
    outs = [n._activate(s) for n, s in zip(hidden.neurons, sums, strict=True)]
    ends = [sum((w * o for w, o in zip(n.w, outs, strict=True)), Value(0.0)) for n in last.neurons]
    mse(ends, [0.5, -0.5]).backward()
    rule = layer_rule(activation).partition(" = ")[2]
    for i, (s, o) in enumerate(zip(sums, outs, strict=True)):
        back = sum(n.w[i].data * end.grad for n, end in zip(last.neurons, ends, strict=True))
        assert python(rule, {"nᵢ": s.data, "oᵢ": o.data, **OPS[activation].constants}, back) == pytest.approx(
            s.grad, rel=1e-9
        )


def python(rule: str, known: dict[str, float], upstream: float) -> float:
    """What a formula in plain text comes to."""
    text = rule.replace("(Σⱼ wᵢⱼ · δⱼ)", f"({upstream!r})").replace("·", "*").replace("−", "-").replace("^", "**")
    text = text.replace("²", "**2").replace("√", "sqrt").replace("π", "pi").replace("ln(", "log(").replace("σ(", "sig(")
    text = re.sub(r"(\S+|\([^()]*\)) if (.+?), else ", r"\1 if \2 else ", text).replace("≤", "<=").replace("≥", ">=")
    for name, number in known.items():
        text = text.replace(name, f"({number!r})")
    functions = {**vars(math), "sig": lambda v: 1 / (1 + math.exp(-v))}
    return float(eval(text, functions))


def test_the_rule_of_a_layer_as_the_lecture_has_it() -> None:
    assert layer_rule() == "δᵢ = (Σⱼ wᵢⱼ · δⱼ) · oᵢ · (1 − oᵢ)"
    assert layer_rule(format="latex") == (
        r"\delta_{i} = \left(\sum_{j} w_{ij} \cdot \delta_{j}\right) \cdot o_{i} \cdot \left(1 - o_{i}\right)"
    )
    assert "∑" in layer_rule(format="mathml")
    with pytest.raises(ValueError, match="activation must be one of"):
        layer_rule("maximum")
    with pytest.raises(ValueError, match="format must be one of"):
        layer_rule(format="html")


# ---------------------------------------------------------------------------------------------- paths, and zeros


@given(graphs(most=8))
def test_the_products_of_all_paths_add_up_to_the_gradient(root: Value) -> None:
    trace, flows = steps(root), bound(root)
    for v in trace.variables.values():
        found = paths(root, v.value)
        assert math.fsum(path.product for path in found) == pytest.approx(
            trace.derivatives[v.id], rel=1e-9, abs=1e-9 * flows[v.value]
        )
        assert found


def test_paths_are_told() -> None:
    total = find("mazur").make().root
    said = explain_paths(total, nodes(total)["w1"])
    assert said.count("→ out_h1 → net_h1") == 2
    assert said.endswith("∂E/∂w1 = 0.000668396 + (−0.000229828) = 0.000438568")


def test_too_many_paths_are_refused() -> None:
    v = x = Value(1.0, label="x")
    for _ in range(20):
        v = v + v
    with pytest.raises(ValueError, match="more than 10,000 paths"):
        paths(v, x)


def zeros() -> dict[str, tuple[Value, Value, str]]:
    w, x, big = Value(2.0, label="w"), Value(0.0, label="x"), Value(50.0, label="b")
    n = w * x
    n.label = "n"
    dead = (-big).relu()
    return {
        "an input of 0": (n, w, "∂n/∂w = x = 0: x is 0"),
        "a dead ReLU": (dead, big, "ReLU(v1) is flat at v1 = −50"),
        "a saturated unit": (big.sigmoid(), big, "σ(b) is saturated at b = 50"),
        "a sum": ((w - w) * 2, w, "the contributions of its paths add up to 0"),
        "not 0": (big * 3, big, "is not 0, and no factor"),
        "two ways": (dead * w + (x * big), big, "one of 2 factors"),
    }


@pytest.mark.parametrize("case", zeros())
def test_why_it_is_zero(case: str) -> None:
    root, wrt, reason = zeros()[case]
    assert reason in why_zero(root, wrt)


@given(graphs(most=8))
def test_a_zero_always_has_a_reason(root: Value) -> None:
    trace = steps(root)
    for v in trace.variables.values():
        said = why_zero(root, v.value)
        assert ("is not 0" in said) or ("since" in said) or ("add up to 0" in said)
        if trace.derivatives[v.id] == 0:
            assert "is not 0" not in said


def test_the_lectures_layer_rule_on_its_network() -> None:
    loss = networks.network_loss(networks.labelled(networks.WEIGHTS), *networks.EXAMPLES[0])
    assert derive(loss, nodes(loss)["n3"]).text == "(o5 − y) · o5 · (1 − o5) · w35 · o3 · (1 − o3)"

"""Each pass of the compiler by itself: what it is given, and what it must make of it."""

from __future__ import annotations

import ast
import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest

import microgrAD
from microgrAD import OPS, Value
from microgrAD.compiler.program import passes, sums, tensors
from microgrAD.compiler.program.adjoint import adjoint
from microgrAD.compiler.program.blocks import pack
from microgrAD.compiler.program.chains import Columns, collect
from microgrAD.compiler.program.functions import functions
from microgrAD.compiler.program.lineage import steps_of
from microgrAD.compiler.program.sections import plan
from microgrAD.compiler.program.simplify import specialise
from microgrAD.compiler.program.sums import flatten
from microgrAD.compiler.record import rules
from microgrAD.compiler.record.numbers import stride
from microgrAD.compiler.record.recording import trace
from microgrAD.compiler.record.tape import NONE, Tape
from microgrAD.compiler.run.collecting import uncollected
from microgrAD.compiler.write.arrays import binding
from microgrAD.compiler.write.arrays.kernel import Kernel
from microgrAD.formula import numpy_name
from microgrAD.nn import MLP


def network(*sizes: int) -> tuple[Tape, list[Value]]:
    model = MLP(sizes[0], list(sizes[1:]))
    return trace(lambda x: model(x), model.parameters(), [(sizes[0],)])[0], model.parameters()


def tensor_program(f: Any, parameters: list[Value], *shapes: tuple[int, ...]) -> tensors.Tensors:
    return of(trace(f, parameters, shapes)[0])


def of(tape: Tape) -> tensors.Tensors:
    return passes.tensor_program(flatten(tape))


# ---------------------------------------------------------------------------------------------- the table


def test_sums_and_products_are_read_off_the_formulas() -> None:
    found = {name for name in OPS if rules.polynomial(name)}
    assert found == {
        op.name for op in OPS.values() if op.value in ("x + y", "x - y", "x * y", "-x", "sum(x)", "sum(x * y)")
    }
    assert list(rules.monomials(rules.MINUS, (4, 7))) == [(1, (4,)), (-1, (7,))]
    dot = rules.written_as("sum(x * y)")
    assert list(rules.monomials(dot, (1, 2, 3, 4))) == [(1, (1, 3)), (1, (2, 4))]


def test_every_operation_has_its_function() -> None:
    assert functions.keys() >= {numpy_name(op) for op in OPS.values()}


@pytest.mark.parametrize(
    ("text", "known", "result"),
    [
        ("x ** y", {"y": 2.0}, "x * x"),
        ("y * x ** (y - 1)", {"y": 1.0}, "pow(x, 0.0)"),
        ("x if x > 0 else a * x", {"a": 0.0}, "where(x > 0.0, x, 0.0)"),
        ("1 * x + 0", {}, "x"),
        ("sqrt(2) * x", {}, "1.4142135623730951 * x"),
        ("x if y > 0 else 1", {"y": 3.0}, "x"),
    ],
)
def test_known_numbers_are_put_into_a_formula(text: str, known: dict[str, float], result: str) -> None:
    assert ast.unparse(specialise(text, known)) == result


# ---------------------------------------------------------------------------------------------- passes


def test_the_tape_says_what_is_uniform_and_what_is_needed() -> None:
    w = Value(2.0)
    tape = trace(lambda x: [w * w + x[0], x[1] * 3][0], [w], [(2,)])[0]
    assert [tape.uniform[i] for i, op in enumerate(tape.op) if op] == [True, False, False]
    assert [tape.live()[i] for i, op in enumerate(tape.op) if op] == [True, True, False]
    assert tape.constant(3.0) == tape.constant(3.0) != tape.constant(-3.0)
    assert tape.constant(0.0) != tape.constant(-0.0)


def test_a_layer_flattens_into_weighted_sums() -> None:
    tape, _ = network(3, 4)
    forms = flatten(tape).forms.values()
    assert [type(form) for form in forms] == [sums.Affine] * 4
    assert all(len(form.pairs) == 3 and form.bias is not None for form in forms if isinstance(form, sums.Affine))


def test_sums_without_structure_stay_additions() -> None:
    a = Value(1.0)
    forms = flatten(trace(lambda x: x[0] + a * x[1] - x[2].tanh(), [a], [(3,)])[0])
    assert all(isinstance(form, sums.Map) for form in forms.forms.values())


def test_a_chain_ends_in_one_sum_with_the_signs_of_all_its_terms() -> None:
    tape = trace(lambda x: x[0] - (x[1] - (x[2] * x[3] - x[4])), [], [(5,)])[0]
    plain, nodes, terms = collect(Columns(tape))
    assert plain.tolist() == []
    assert nodes.tolist() == tape.roots
    found = {(x, y): sign for sign, x, y in zip(terms.sign.tolist(), terms.x.tolist(), terms.y.tolist(), strict=True)}
    x = tape.inputs
    assert found == {(x[0], NONE): 1, (x[1], NONE): -1, (x[2], x[3]): 1, (x[4], NONE): -1}


def test_what_is_used_twice_or_by_nobody_is_no_part_of_a_chain() -> None:
    def f(x: Any) -> Any:
        twice = x[0] + x[1]
        x[2] * twice  # in vain
        return twice + x[2] + x[3] + twice.tanh()

    tape = trace(f, [], [(4,)])[0]
    plain, nodes, terms = collect(Columns(tape))
    assert len(plain) == 2  # the sum of two, which two use, and tanh of it
    assert len(nodes) == 1
    assert len(terms.node) == 4


def test_a_network_comes_without_the_compiler() -> None:
    code = "import sys, microgrAD.nn; print('microgrAD.compiler.run.programs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_layers_pack_into_blocks() -> None:
    tape, parameters = network(3, 4, 2)
    blocks = pack(flatten(tape))
    assert [(block.kind, len(block.nodes)) for block in blocks] == [(sums.Affine, 4), (sums.Map, 4), (sums.Affine, 2)]
    assert len(blocks[0].weights) == 4 and len(blocks[0].weights[0]) == 3
    assert len(parameters) == sum(len(row) for block in blocks for row in block.weights) + 6


def test_what_is_used_together_stands_together() -> None:
    tape, parameters = network(3, 4, 2)
    forms = flatten(tape)
    found = passes.tensor_program(forms)
    for step in found.steps:
        for rows in (step.out, *step.reads):
            assert stride(rows.index.ravel()) == 1
    assert sorted(found.parameters) == list(range(len(parameters)))
    assert len(set(found.inputs) | set(found.ones)) == 3 + len(found.ones)


def test_products_by_one_matrix_go_side_by_side() -> None:
    w = [Value(v) for v in (1.0, 2.0, 3.0)]
    found = tensor_program(lambda x: sum(sum(a * x[k + j] for j, a in enumerate(w)).tanh() for k in range(5)), w, (7,))
    matrix = found.steps[0]
    assert isinstance(matrix, tensors.Matrix)
    assert (matrix.weights.index.shape, matrix.x.index.shape) == ((1, 3), (3, 5))


def test_the_plan_puts_each_step_where_it_has_to_run() -> None:
    w = Value(1.0)
    found = tensor_program(lambda x: (w * x.exp()).tanh().relu(), [w], ())
    sections = [part.section for part in plan(found, adjoint(found))[0]]
    assert sections[:4] == ["setup", "forward", "forward", "finish"]
    assert set(sections[4:]) == {"backward"}
    assert [part.section for part in plan(found, None)[0]] == ["setup", "finish", "finish", "finish"]


def test_every_operation_is_part_of_a_step() -> None:
    tape, _ = network(3, 4, 2)
    steps = steps_of(tape, of(tape))
    assert len(steps) == sum(map(bool, tape.op))
    assert set(steps.values()) == {0, 1, 2}


def test_a_parameter_without_a_label_is_called_by_its_place() -> None:
    w, b = Value(0.5), Value(0.2, label="b")
    assert "h1 = θ[0] · x " in str(microgrAD.compile(lambda x: (w * x).tanh(), parameters=[w], shapes=[()]))
    assert "u1 = θ[0] · b " in str(microgrAD.compile(lambda x: w * b + x.exp(), parameters=[w, b], shapes=[()]))


def test_weights_that_are_used_again_keep_their_name() -> None:
    w = [[Value(0.1 * (i + j), label=f"w{i}{j}") for j in range(3)] for i in range(3)]

    def apply_twice(x: Any) -> Any:
        for _ in range(2):
            x = [microgrAD.tanh(sum(a * b for a, b in zip(row, x, strict=True))) for row in w]
        return sum(x)

    shown = str(microgrAD.compile(apply_twice, parameters=[p for row in w for p in row], shapes=[(3,)]))
    assert "= W1 x " in shown
    assert "= W1 h2 " in shown


def test_products_are_part_of_the_sum_of_products_that_they_went_into() -> None:
    w = [Value(float(k)) for k in range(1, 5)]
    tape, _ = trace(
        lambda x, y: (
            sum(a * b for a, b in zip(x, y, strict=True)).exp()
            - sum(a.exp() * b for a, b in zip(x, y, strict=True))
            + 2 * w[0]
            + w[1] * w[2]
            + w[3] * w[3] * x[0]
        ),
        w,
        [(4,), (4,)],
    )
    found = of(tape)
    steps = steps_of(tape, found)
    dots = [k for k, step in enumerate(found.steps) if isinstance(step, tensors.Dot)]
    names = {k: sorted(tape.op[i] for i, step in steps.items() if step == k) for k in dots}
    assert len(dots) == 2
    assert all(name == ["add"] * 4 + ["mul"] * 4 for name in names.values())  # sum adds the first to 0


def test_the_code_names_its_steps_and_allocates_nothing() -> None:
    tape, _ = network(3, 4, 1)
    program = of(tape)
    kernel = Kernel(program, adjoint(program))
    sections = kernel.source.partition("def setup")[2]
    assert "empty(" not in sections
    assert kernel.source.count("matmul") == 2 + 2  # and one column times one row
    bound = kernel.bind(5)
    bound.D[bound.inputs] = np.arange(15.0).reshape(3, 5)
    bound.parameters[...] = 0.1
    bound.seeds[...] = 1.0
    for run in (bound.setup, bound.seed, bound.forward, bound.finish, bound.backward):
        run()
    assert bound.gradient[-1] == 5.0  # the last bias counts once a row


# ---------------------------------------------------------------------------------------------- around


def test_print_reads_like_a_paper() -> None:
    model = MLP(2, [3, 1])
    program = microgrAD.compile(lambda x, y: (model(x) - y) ** 2, parameters=model.parameters())
    assert "not recorded yet" in str(program)
    program.value([[1.0, 2.0]], [3.0])
    assert [" ".join(line.split()) for line in str(program).splitlines()[1:]] == [
        "h1 = W1 x + b1 3 × 2",
        "h2 = tanh(h1) 3",
        "h3 = W2 h2 + b2 1 × 3",
        "h4 = h3 − y 1",
        "h5 = h4² 1",
        "value = h5 mean over the rows",
    ]
    assert "matmul" in program.source


def test_the_backward_pass_reads_like_a_paper() -> None:
    model = MLP(2, [3, 1])
    program = microgrAD.compile(lambda x, y: (model(x) - y) ** 2, parameters=model.parameters(), shapes=[(2,), ()])
    assert [" ".join(line.split()) for line in str(program.backward).splitlines()] == [
        "δh4 = δh5 · 2 · h4 1",
        "∂W2 = Σ δh4 (h2, 1)ᵀ 1 × 4",
        "δh2 = W2ᵀ δh4 3 × 1",
        "δh1 = δh2 · (1 − h2²) 3",
        "∂W1 = Σ δh1 (x, 1)ᵀ 3 × 3",
    ]
    assert str(microgrAD.compile(lambda x: [x, x * 2.0], parameters=[], shapes=[()]).backward) == ""


def test_what_all_numbers_of_a_row_share_is_summed_in_the_row_first() -> None:
    w = Value(0.5, label="w")
    program = microgrAD.compile(
        lambda x: microgrAD.sum([microgrAD.tanh(w * t) for t in x]), parameters=[w], shapes=[(5,)]
    )
    assert [" ".join(line.split()) for line in str(program.backward).splitlines()] == [
        "δh1 = δh3 · (1 − h2²) 5",
        "∂w = δh1 · x 5",
        "∂w′ = Σ ∂w 1",
        "∂w′′ = Σ ∂w′ over the rows 1",
    ]


def test_the_collector_comes_back() -> None:
    import gc

    inside = []

    def work() -> None:
        with uncollected():
            inside.append(gc.isenabled())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside == [False] * 8
    assert gc.isenabled()


def test_picture_of_a_program(tmp_path: Any) -> None:
    import viz

    model = MLP(2, [3, 1])
    program = microgrAD.compile(lambda x: model(x), parameters=model.parameters(), shapes=[(2,)])
    drawing = viz.draw(program)
    left, right = drawing.axes
    assert len(left.collections[1].get_offsets()) == sum(map(bool, program.tapes[0].op))
    assert len(right.patches) == len(program.runners[0].tensors.steps)
    assert "W1 x + b1" in "".join(text.get_text() for text in right.texts)
    for ending in ("png", "svg", "pdf"):
        file = drawing.save(tmp_path / f"program.{ending}")
        assert (
            file.read_bytes() == drawing.save(tmp_path / f"again/../program.{ending}").read_bytes()
            if (tmp_path / "again").mkdir(exist_ok=True) is None
            else False
        )
    with pytest.raises(ValueError, match="must end in one of"):
        drawing.save(tmp_path / "program.gif")
    assert drawing.svg.startswith("<?xml") and drawing.png().startswith(b"\x89PNG")


def test_the_options_of_a_program_s_picture() -> None:
    import struct

    import viz

    model = MLP(2, [3, 1])
    program = microgrAD.compile(lambda x: model(x), parameters=model.parameters(), shapes=[(2,)])

    def pixels(**options: Any) -> tuple[int, ...]:
        return struct.unpack(">II", viz.draw(program, **options).png()[16:24])

    assert pixels() == (1920, 1080)
    assert pixels(size="4:3") == (1024, 768)
    assert pixels(size=(640, 480), dpi=192) == (1280, 960)
    dark = viz.draw(program, theme="dark", legend=False, transparent=True).svg
    assert dark != viz.draw(program, theme="dark", legend=False).svg
    assert "an operation" in "".join(
        t.get_text() for t in viz.draw(program).figure.findobj(lambda part: hasattr(part, "get_text"))
    )
    for options, word in (
        ({"rankdir": "TB"}, "rankdir: for the graph"),
        ({"collapse": "layer", "digits": 2}, "digits, collapse: for the graph"),
        ({"size": "5:4"}, "size must be"),
        ({"dpi": 1}, "dpi must be"),
        ({"theme": "x"}, "theme"),
    ):
        with pytest.raises(ValueError, match=word):
            viz.draw(program, **options)


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    from microgrAD.cli import main

    assert main(["compile", "(w*x + b - y)**2", "w=2", "b=1", "--rows", "x,y", "--source"]) == 0
    said = capsys.readouterr().out
    assert "h1 = w · x" in said
    assert "def bind(" in said
    wasm = ["--backend", "wasm", "--save", str(tmp_path / "x.wasm")]
    assert main(["compile", "--network", "2,3,1", "--source", "--backward", *wasm]) == 0
    said = capsys.readouterr().out
    assert "δh1 = δh2" in said
    assert '(export "gradient")' in said
    assert (tmp_path / "x.wasm").read_bytes()[:4] == b"\0asm"
    assert main(["compile", "--network", "2,3,1", "-o", str(tmp_path / "x.svg")]) == 0
    assert (tmp_path / "x.svg").stat().st_size > 1000
    assert "W1 x + b1" in capsys.readouterr().out
    for arguments, word in (
        (["x + w", "w=1"], "'x' has no value"),
        ([], "nothing to compile"),
        (["x", "x=1", "--rows", "x"], "listed in --rows"),
        (["--network", "2"], "sizes"),
        (["2 ** x", "--rows", "x"], "exponent"),
        (["x", "x=1", "--network", "2,1"], "only one of them"),
        (["x", "x=1", "-o", str(tmp_path / "x.gif")], "must end in"),
    ):
        assert main(["compile", *arguments]) == 2
        assert word in capsys.readouterr().err


@pytest.mark.parametrize("rows", [1, 7])
def test_lines_compiled_by_their_kinds_do_what_the_text_says(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def f(x: Any) -> Any:
        return (x[0] * w[0] + x[1] * x[2]).tanh() * w[1].exp() + (x[2] - w[2]).relu().sigmoid() / (2 + x[0] ** 2)

    w = [Value(0.3), Value(-0.2), Value(7.0)]
    X = np.random.default_rng(rows).normal(size=(rows, 3)) * 4
    found = []
    for long in (0, 10_000):
        monkeypatch.setattr(binding, "LONG", long)
        program = microgrAD.compile(f, parameters=w, shapes=[(3,)], backend="numpy")
        found.append(program.value_and_grad(X))
        assert "def backward():" in program.source
    (value, gradient), (same, slope) = found
    assert value == pytest.approx(same, rel=1e-12) and gradient == pytest.approx(slope, rel=1e-12)

"""One training step in microgrAD and in each peer: a gradient of the mean loss, and plain gradient descent.

A peer is a function of a case that returns two functions: `step(n)` runs n steps, and `weights()` returns the flat
parameters, layer by layer, first the matrix (inputs, outputs), then the bias. A peer that is not installed is left out.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from cases import Array, Case

import microgrAD
from microgrAD import Value
from microgrAD.optim import SGD

Peer = tuple[Callable[[int], None], Callable[[], Array]]


def flat(layers: Any) -> Array:
    """Return the parameters as one flat array."""
    return np.concatenate(
        [np.concatenate([np.asarray(W, dtype=float).ravel(), np.asarray(b, dtype=float)]) for W, b in layers]
    )


# ---------------------------------------------------------------------------------------------- scalars


class Scalars:
    """The network as scalars of any engine with operators, .tanh(), .relu(), .exp() and .log()."""

    def __init__(self, case: Case, leaf: Callable[[float], Any]) -> None:
        self.case = case
        self.layers = [
            ([[leaf(float(w)) for w in column] for column in W.T], [leaf(float(b)) for b in bias])
            for W, bias in case.weights
        ]
        self.parameters = [
            p for columns, bias in self.layers for column, b in zip(columns, bias, strict=True) for p in [*column, b]
        ]

    def outputs(self, x: Any) -> list[Any]:
        """Return the outputs of the network for one row."""
        for k, (columns, bias) in enumerate(self.layers):
            name = self.case.last if k == len(self.layers) - 1 else self.case.hidden
            sums = [
                sum((w * a for w, a in zip(column, x, strict=True)), b) for column, b in zip(columns, bias, strict=True)
            ]
            x = sums if name == "linear" else [getattr(s, name)() for s in sums]
        return list(x)

    def loss(self, x: Any, y: Any) -> Any:
        """Return the loss of one row."""
        out = self.outputs(x)
        if self.case.loss == "squares":
            difference = out[0] - y
            return difference * difference
        if self.case.loss == "hinge":
            return (1 + -y * out[0]).relu()
        exponentials = [z.exp() for z in out]
        return sum(exponentials[1:], exponentials[0]).log() - sum(z * t for z, t in zip(out, y, strict=True))

    def penalty(self) -> Any:
        """Return the L2 penalty, or 0."""
        return self.case.penalty * sum(p * p for p in self.parameters) if self.case.penalty else 0.0

    def weights(self) -> Array:
        """Return the parameters, flat."""
        return flat(
            [
                (np.array([[p.data for p in column] for column in columns]).T, [b.data for b in bias])
                for columns, bias in self.layers
            ]
        )


def microgrAD_(case: Case) -> Peer:
    """Our program, with many steps per call."""
    net = Scalars(case, Value)
    program = microgrAD.compile(lambda x, y: net.loss(x, y) + net.penalty(), parameters=net.parameters)
    optimizer = SGD(net.parameters, lr=case.lr)
    return lambda n: program.train(case.X, case.Y, optimizer, n) and None, net.weights


def microgrAD_calls(case: Case) -> Peer:
    """Our program in a loop that the user writes: value_and_grad, then the optimiser's step."""
    net = Scalars(case, Value)
    program = microgrAD.compile(lambda x, y: net.loss(x, y) + net.penalty(), parameters=net.parameters)
    optimizer = SGD(net.parameters, lr=case.lr)

    def step(n: int) -> None:
        for _ in range(n):
            optimizer.zero_grad()
            program.value_and_grad(case.X, case.Y)
            optimizer.step()

    return step, net.weights


def eager(case: Case, leaf: Callable[[float], Any]) -> Peer:
    """A scalar engine, which builds the graph again in each step."""
    net = Scalars(case, leaf)
    rows = list(zip(case.X.tolist(), case.Y.tolist(), strict=True))

    def step(n: int) -> None:
        for _ in range(n):
            total = sum(net.loss(x, y) for x, y in rows) * (1.0 / len(rows)) + net.penalty()
            for p in net.parameters:
                p.grad = 0.0
            total.backward()
            for p in net.parameters:
                p.data -= case.lr * p.grad

    return step, net.weights


def microgrAD_eager(case: Case) -> Peer:
    """Our own engine, without compiling."""
    return eager(case, Value)


def micrograd(case: Case) -> Peer:
    """Karpathy's micrograd, with the functions that it lacks, in its style."""
    import math

    from micrograd.engine import Value as Theirs

    def function(value: Callable[[float], float], slope: Callable[[float, float], float]) -> Callable[[Any], Any]:
        def method(self: Any) -> Any:
            out = Theirs(value(self.data), (self,))

            def _backward() -> None:
                self.grad += slope(self.data, out.data) * out.grad

            out._backward = _backward
            return out

        return method

    Theirs.tanh = function(math.tanh, lambda x, out: 1 - out * out)
    Theirs.exp = function(math.exp, lambda x, out: out)
    Theirs.log = function(math.log, lambda x, out: 1 / x)
    return eager(case, Theirs)


# ---------------------------------------------------------------------------------------------- arrays


def numpy_(case: Case) -> Peer:
    """NumPy written by hand."""
    layers = [[W.copy(), b.copy()] for W, b in case.weights]
    rows = len(case.X)

    def gradient() -> list[tuple[Array, Array]]:
        values = [case.X]
        for k, (W, b) in enumerate(layers):
            name = case.last if k == len(layers) - 1 else case.hidden
            z = values[-1] @ W + b
            values.append(np.tanh(z) if name == "tanh" else np.maximum(z, 0) if name == "relu" else z)
        out = values[-1]
        if case.loss == "squares":
            g = (2 / rows) * (out - case.Y[:, None])
        elif case.loss == "hinge":
            g = np.where(case.Y * out[:, 0] < 1, -case.Y / rows, 0.0)[:, None]
        else:
            exponentials = np.exp(out)
            g = (exponentials / exponentials.sum(axis=1, keepdims=True) - case.Y) / rows
        found = []
        for k in range(len(layers) - 1, -1, -1):
            name = case.last if k == len(layers) - 1 else case.hidden
            if name == "tanh":
                g = g * (1 - values[k + 1] ** 2)
            elif name == "relu":
                g = g * (values[k + 1] > 0)
            found.append((values[k].T @ g, g.sum(axis=0)))
            if k:
                g = g @ layers[k][0].T
        return found[::-1]

    def step(n: int) -> None:
        for _ in range(n):
            for (W, b), (dW, db) in zip(layers, gradient(), strict=True):
                if case.penalty:
                    dW, db = dW + 2 * case.penalty * W, db + 2 * case.penalty * b
                W -= case.lr * dW
                b -= case.lr * db

    return step, lambda: flat(layers)


def jax_(case: Case) -> Peer:
    """One jitted step, called from Python; parameters stay on the device."""
    return _jax(case, inside=False)


def jax_loop(case: Case) -> Peer:
    """The loop over steps jitted too: lax.fori_loop."""
    return _jax(case, inside=True)


def _jax(case: Case, *, inside: bool) -> Peer:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def loss(layers: Any, X: Any, Y: Any) -> Any:
        a = X
        for k, (W, b) in enumerate(layers):
            name = case.last if k == len(layers) - 1 else case.hidden
            z = a @ W + b
            a = jnp.tanh(z) if name == "tanh" else jnp.maximum(z, 0) if name == "relu" else z
        if case.loss == "squares":
            mean = jnp.mean((a[:, 0] - Y) ** 2)
        elif case.loss == "hinge":
            mean = jnp.mean(jnp.maximum(1 - Y * a[:, 0], 0))
        else:
            mean = jnp.mean(jax.nn.logsumexp(a, axis=1) - (a * Y).sum(axis=1))
        return mean + case.penalty * sum((W**2).sum() + (b**2).sum() for W, b in layers) if case.penalty else mean

    @jax.jit
    def update(layers: Any, X: Any, Y: Any) -> Any:
        return jax.tree.map(lambda p, g: p - case.lr * g, layers, jax.grad(loss)(layers, X, Y))

    @jax.jit
    def many(layers: Any, X: Any, Y: Any, n: Any) -> Any:
        return jax.lax.fori_loop(0, n, lambda _, layers: update(layers, X, Y), layers)

    state = {"layers": [(jnp.array(W), jnp.array(b)) for W, b in case.weights]}
    X, Y = jnp.array(case.X), jnp.array(case.Y)

    def step(n: int) -> None:
        layers = state["layers"]
        if inside:
            layers = many(layers, X, Y, n)
        for _ in range(0 if inside else n):
            layers = update(layers, X, Y)
        state["layers"] = jax.block_until_ready(layers)

    return step, lambda: flat(state["layers"])


def torch_(case: Case) -> Peer:
    """Eager PyTorch, with the update written out (its own optimiser takes longer)."""
    import torch

    torch.set_num_threads(1)
    layers = [(torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)) for W, b in case.weights]
    parameters = [p for layer in layers for p in layer]
    X, Y = torch.tensor(case.X), torch.tensor(case.Y)

    def loss() -> Any:
        a = X
        for k, (W, b) in enumerate(layers):
            name = case.last if k == len(layers) - 1 else case.hidden
            z = torch.addmm(b, a, W)
            a = torch.tanh(z) if name == "tanh" else torch.relu(z) if name == "relu" else z
        if case.loss == "squares":
            return ((a[:, 0] - Y) ** 2).mean()
        if case.loss == "hinge":
            return torch.relu(1 - Y * a[:, 0]).mean() + case.penalty * sum((p**2).sum() for p in parameters)
        return torch.nn.functional.cross_entropy(a, Y)

    def step(n: int) -> None:
        for _ in range(n):
            gradients = torch.autograd.grad(loss(), parameters)
            with torch.no_grad():
                for p, g in zip(parameters, gradients, strict=True):
                    p.sub_(g, alpha=case.lr)

    return step, lambda: flat([(W.detach().numpy(), b.detach().numpy()) for W, b in layers])


DRIVER = """
int descend(const double **arg, double **res, long long *iw, double *w, int mem);
void run(double *theta, const double *X, const double *Y, long long *iw, double *w, double *next, int n, int count) {
    while (n--) {
        const double *arg[ARGUMENTS] = {theta, X, Y};  /* the generated code works in what is left of both */
        double *res[RESULTS] = {next};
        descend(arg, res, iw, w, 0);
        for (int i = 0; i < count; i++) theta[i] = next[i];
    }
}
"""


def casadi_(case: Case) -> Peer:
    """CasADi's code generation: one row's loss as scalars, mapped over the rows, its gradient as C, compiled."""
    import casadi

    rows, count = len(case.X), sum(W.size + b.size for W, b in case.weights)
    theta, x = casadi.SX.sym("theta", count), casadi.SX.sym("x", case.sizes[0])
    Y = case.Y.reshape(rows, -1)
    y, a, at = casadi.SX.sym("y", Y.shape[1]), x, 0
    for k, (W, _) in enumerate(case.weights):
        m, n = W.shape
        name = case.last if k == len(case.weights) - 1 else case.hidden
        z = casadi.reshape(theta[at : at + m * n], n, m) @ a + theta[at + m * n : at + m * n + n]
        a = casadi.tanh(z) if name == "tanh" else casadi.fmax(z, 0) if name == "relu" else z
        at += m * n + n
    if case.loss == "squares":
        loss = (a[0] - y[0]) ** 2
    elif case.loss == "hinge":
        loss = casadi.fmax(1 - y[0] * a[0], 0)
    else:
        loss = casadi.log(casadi.sum1(casadi.exp(a))) - casadi.dot(a, y)
    slope = casadi.Function("slope", [theta, x, y], [casadi.gradient(loss, theta)])
    t, X, T = casadi.MX.sym("t", count), casadi.MX.sym("X", case.sizes[0], rows), casadi.MX.sym("T", Y.shape[1], rows)
    g = casadi.sum2(slope.map(rows)(t, X, T)) / rows + 2 * case.penalty * t
    step_ = casadi.Function("descend", [t, X, T], [t - case.lr * g])
    folder = Path(tempfile.mkdtemp())
    generator = casadi.CodeGenerator("step.c")
    generator.add(step_)
    generator.generate(f"{folder}/")
    (folder / "driver.c").write_text(DRIVER)
    flags = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
    flags += [f"-DARGUMENTS={step_.sz_arg()}", f"-DRESULTS={step_.sz_res()}"]
    files = [str(folder / "step.c"), str(folder / "driver.c")]
    subprocess.run(["gcc", *flags, *files, "-o", str(folder / "step.so"), "-lm"], check=True)
    library = ctypes.CDLL(str(folder / "step.so"))
    weights = flat(case.weights)
    work, whole = np.empty(step_.sz_w() + 1), np.empty(step_.sz_iw() + 1, dtype=np.int64)
    held = [weights, np.ascontiguousarray(case.X), np.ascontiguousarray(Y), whole, work, np.empty(count)]
    pointers = [array.ctypes.data_as(ctypes.c_void_p) for array in held]
    return lambda n: library.run(*pointers, n, count) and None, lambda: weights


def c_(case: Case) -> Peer:
    """C written by hand, with its loop over steps: the limit."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise ImportError("no C compiler is installed")
    text = Path(__file__).with_name("limit.c")
    library = Path(tempfile.mkdtemp()) / f"{case.name}.so"
    defines = [
        f"-DROWS={len(case.X)}",
        f"-DLAYERS={len(case.sizes) - 1}",
        f"-DSIZES={','.join(map(str, case.sizes))}",
        f"-DWIDEST={max(case.sizes)}",
        f"-DHIDDEN_{case.hidden}",
        f"-DLAST_{case.last}",
        f"-DLOSS_{case.loss}",
        f"-DPENALTY={case.penalty}",
    ]
    subprocess.run(
        [
            compiler,
            "-O3",
            "-march=native",
            "-ffast-math",
            "-shared",
            "-fPIC",
            *defines,
            str(text),
            "-o",
            str(library),
            "-lm",
        ],
        check=True,
    )
    train = ctypes.CDLL(str(library)).train
    theta, X, Y = flat(case.weights), np.ascontiguousarray(case.X), np.ascontiguousarray(case.Y)
    pointer = ctypes.POINTER(ctypes.c_double)

    def step(n: int) -> None:
        train(*[array.ctypes.data_as(pointer) for array in (theta, X, Y)], ctypes.c_double(case.lr), ctypes.c_int(n))

    return step, lambda: theta


PEERS: dict[str, Callable[[Case], Peer]] = {
    "microgrAD": microgrAD_,
    "microgrAD, loop": microgrAD_calls,
    "JAX jit": jax_,
    "JAX fori_loop": jax_loop,
    "CasADi C": casadi_,
    "PyTorch": torch_,
    "NumPy by hand": numpy_,
    "C by hand": c_,
    "microgrAD eager": microgrAD_eager,
    "micrograd": micrograd,
}

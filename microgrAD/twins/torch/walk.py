"""Reads the graph behind a tensor of PyTorch as a graph of Values, number by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from microgrAD.errors import GraphError
from microgrAD.operators import Value
from microgrAD.ops import OPS
from microgrAD.twins.torch.nodes import Array, Node, filled
from microgrAD.twins.torch.rules import RULES, by_name, operation

MOST = 100_000  # numbers of one tensor, and nodes of PyTorch's graph
_SINGLE, _DOUBLE = 1e-3, 1e-7  # how far the result may be from PyTorch's, in numbers of 32 and of 64 bits

# a result of these is known where their operand is, and the other way round
_SAME = ("ViewBackward", "UnsafeViewBackward", "ReshapeAliasBackward", "CloneBackward", "AliasBackward")
_ONE = ("MeanBackward", "SumBackward")  # likewise, of a single number


def from_torch(loss: Any, *, names: Mapping[str, Any] | None = None) -> Value:
    """Return the graph behind a tensor of PyTorch, each number a Value.

    It follows `grad_fn`. Tensors with requires_grad=True become leaves, all others plain numbers. PyTorch does not keep
    a number that is added; it is computed from what was kept, or refused. Values are computed in 64 bits, also where
    PyTorch computed in 32. Call it before `loss.backward()`, which frees what the graph has kept.

    Arguments:
        loss: a tensor with one number, of any operations that are read.
        names: tensors by name, such as dict(model.named_parameters()). A leaf is labelled with the name of its tensor,
            and its place in it: "fc.weight[0,1]".
    Returns: the result, a Value; backward gives its leaves the gradients that PyTorch gives.
    Raises: TypeError for what is no tensor of one number; GraphError for what can't be read, which names the grad_fn.
    """
    if not (hasattr(loss, "grad_fn") and hasattr(loss, "tolist")):
        raise TypeError(f"from_torch takes a tensor of PyTorch, got {type(loss).__name__}; pass the loss itself")
    if int(np.prod(tuple(loss.shape))) != 1:
        raise TypeError(
            f"from_torch takes a tensor with one number, got the shape {tuple(loss.shape)}; take its .sum() or .mean()"
        )
    labels = {id(tensor): name for name, tensor in (names or {}).items()}
    if loss.grad_fn is None:
        if not loss.requires_grad:
            raise GraphError(
                "the tensor was computed without gradients; give a leaf requires_grad=True, outside no_grad"
            )
        return _leaf(loss, labels).item()  # type: ignore[no-any-return]
    nodes = _ordered(loss.grad_fn)
    _know(nodes, loss)
    result = _computed(nodes, labels)[loss.grad_fn].flat[0]
    _compare(float(result), float(np.array(loss.tolist()).flat[0]), nodes[loss.grad_fn])
    return result if isinstance(result, Value) else Value(result)


def _compare(ours: float, theirs: float, node: Node) -> None:
    """Raise GraphError if the graph that was read does not compute PyTorch's number."""
    if not abs(ours - theirs) <= (_SINGLE if node.is_single else _DOUBLE) * max(1.0, abs(theirs)):
        raise GraphError(
            f"the graph that was read computes {ours!r}, and PyTorch {theirs!r}: some operation means something else "
            "in this version of PyTorch, or a sum of large numbers leaves only rounding; read a part of the loss"
        )


def _ordered(root: Any) -> dict[Any, Node]:
    """Return the nodes by their grad_fn, operands first."""
    order: dict[Any, Node] = {}
    found: dict[Any, Node] = {}
    stack = [(root, False)]
    while stack:
        fn, complete = stack.pop()
        if complete:
            order[fn] = found[fn]
        elif fn not in found:
            found[fn] = Node(fn)
            if len(found) > MOST:
                raise GraphError(f"PyTorch's graph has more than {MOST} nodes, too many to show; take fewer rows")
            stack.append((fn, True))
            stack.extend((parent, False) for parent, _ in reversed(found[fn].parents) if parent is not None)
    return order


def _know(nodes: Mapping[Any, Node], loss: Any) -> None:
    """Tell each node its results, as far as something has kept them: itself, or what has used them."""
    nodes[loss.grad_fn].out[0] = np.array(loss.tolist(), dtype=float)
    for node in reversed([*nodes.values()]):
        if 0 not in node.out and not node.is_leaf and (kept := node.kept("result")) is not None:
            node.out[0] = np.asarray(kept)
        for k, (parent, slot) in enumerate(node.parents):
            if parent is None or nodes[parent].is_leaf:
                continue
            known = _operand(node, k, nodes[parent].shape(slot))
            if known is not None:
                nodes[parent].out.setdefault(slot, known)


def _operand(node: Node, k: int, shape: tuple[int, ...]) -> Array | None:
    """Return the numbers of an operand, if the node has kept them or its result tells them; otherwise None."""
    if k < len(node.tensors) and isinstance(kept := node.kept(node.tensors[k]), np.ndarray) and kept.shape == shape:
        return kept
    if 0 in node.out and (node.kind in _SAME or node.kind in _ONE and np.prod(shape) == 1):
        return node.out[0].reshape(shape)
    return -node.out[0] if 0 in node.out and node.kind == "NegBackward" else None


def _computed(nodes: Mapping[Any, Node], labels: Mapping[int, str]) -> dict[Any, Any]:
    """Return the array of each node; a list of arrays for a node with several results."""
    found: dict[Any, Any] = {}
    for fn, node in nodes.items():
        if node.is_leaf:
            found[fn] = _leaf(fn.variable, labels)
            continue
        for k, (parent, slot) in enumerate(node.parents):
            if parent is not None:
                array = found[parent][slot] if isinstance(found[parent], list) else found[parent]
                node.tracked[k] = array
                if k < len(node.tensors):
                    node.tracked[node.tensors[k]] = array
        made = _rule(node)(node)
        found[fn] = made if isinstance(made, (list, np.ndarray)) else filled((), [made])  # NumPy unpacks single ones
    return found


def _rule(node: Node) -> Any:
    if rule := RULES.get(node.kind):
        return rule
    if operation(node.kind):
        return by_name
    read = sorted({kind.removesuffix("Backward") for kind in RULES} | {name for name in OPS if not OPS[name].variadic})
    return node.refuse("", f"write that part with operations that it reads: {', '.join(read)}")


def _leaf(tensor: Any, labels: Mapping[int, str]) -> Array:
    """Return a leaf for each number of a tensor."""
    shape = tuple(int(size) for size in tensor.shape)
    if int(np.prod(shape)) > MOST:
        raise GraphError(f"a tensor of the shape {shape} has more than {MOST} numbers, too many to show")
    numbers = np.array(tensor.tolist(), dtype=float)
    name, leaves = labels.get(id(tensor), ""), []
    for place, number in np.ndenumerate(numbers):
        at = f"[{','.join(map(str, place))}]" if place else ""
        leaves.append(Value(float(number), label=f"{name}{at}" if name else ""))
    return filled(shape, leaves)

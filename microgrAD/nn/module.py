"""What every part of a network can do: list and name its parameters, set their gradients to 0, save and load them.

A parameter is a leaf `Value` in an attribute of a module, or in a list, dict, array of objects or any other sequence or
mapping that is an attribute, however nested. In a set, or in another object, it would not be found: that is an error.
An element of a list has the list's name without its plural s, and a number from 1: the second of `neurons` is
`neuron2`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from microgrAD.files import FileError, number, read_json, reader, write_json
from microgrAD.graph import Unrecorded
from microgrAD.guesses import Told
from microgrAD.nn.parts import elements, hidden, is_leaf, keys, values
from microgrAD.operators import Value
from microgrAD.pausing import is_paused

_ORDINARY = {int, float, bool, str, type(None)}  # most attributes


class Module:
    """A part of a network. A subclass has Values and Modules as attributes, and defines `__call__` on one row.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line(3.0).data, [p.label for p in line.parameters()]
    (7.0, ['slope', 'offset'])
    """

    training: bool = True  # some layers, such as Dropout, behave differently while a network learns
    reading: str = ""  # how to read its outputs (microgrAD.outputs); empty: by the range of the last activation
    notes: Mapping[str, Any] = MappingProxyType({})  # what else `save` writes, such as the names of classes
    _scope: str = ""

    _program: Any = None  # the program that `microgrAD.outputs` compiled of it; copies and pickles do not have it

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters())} parameters)"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_program"}

    # names of other libraries, and what to write here
    fit: Any = Told("write microgrAD.train.fit(model, X, y)")
    predict = Told("write model(x) for one row, microgrAD.train.predict(model, X) for several")
    score = Told("write microgrAD.train.evaluate(model, X, y)")
    evaluate = Told("write microgrAD.train.evaluate(model, X, y)")
    forward = Told("define __call__, and write model(x)")
    summary = Told("print the model, or model.named_parameters()")
    to = Told("everything is a Python float here: leave it out")

    def __call__(self, x: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has to define __call__(self, x)")

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if vars(cls).get("__slots__"):
            raise TypeError(f"{cls.__name__} is a module and takes no __slots__: parameters are not found in them")
        for name, value in vars(cls).items():
            if not _is_private(name) and any(True for _ in hidden(value)):
                raise TypeError(
                    f"{cls.__name__}.{name} holds parameters, which would be neither trained nor saved; make them in "
                    f"__init__: self.{name} = ..."
                )

    def __setattr__(self, name: str, value: Any) -> None:
        if not _is_private(name) and not isinstance(value, (Value, Module)):
            _refuse_hidden(self, name, value, None)
        if is_paused() and not _is_private(name) and sys._getframe(1).f_code.co_name == "__init__":
            _refuse_unrecorded(self, name, value)
        object.__setattr__(self, name, value)
        for path, part in _parts(name, value):
            self._adopt(path, part)

    def _adopt(self, name: str, part: Value | Module) -> None:
        if isinstance(part, Module):
            part.scope = f"{self._scope}/{name}" if self._scope else name
        else:
            part.scope = self._scope
            part.label = part.label or name

    @property
    def scope(self) -> str:
        """The path to this part of the network, such as "layer1/neuron2"; empty for the whole network."""
        return self._scope

    @scope.setter
    def scope(self, path: str) -> None:
        object.__setattr__(self, "_scope", path)
        for name, part in self._own():
            self._adopt(name, part)

    def _own(self) -> Iterator[tuple[str, Value | Module]]:
        for name, value in vars(self).items():
            yield from _parts(name, value)

    def children(self) -> list[Module]:
        """Return the modules that are attributes of this one, or in a list, tuple or dict of it, in order."""
        found: list[Module] = []
        for name, value in vars(self).items():
            if not _is_private(name):
                _add_modules(value, found)
        return found

    def modules(self) -> Iterator[Module]:
        """Return this module and all modules inside of it, outer ones first."""
        yield self
        for child in self.children():
            yield from child.modules()

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Return (name, parameter) for each parameter, in order and once, such as ("layer1.neuron2.w1", ...)."""
        found: dict[Value, str] = {}
        for name, part in self._own():
            if isinstance(part, Module):
                for inner, parameter in part.named_parameters():
                    found.setdefault(parameter, f"{name}.{inner}")
            else:
                found.setdefault(part, name)
        return [(name, parameter) for parameter, name in found.items()]

    def parameters(self) -> list[Value]:
        """Return all parameters, in order and once."""
        found: dict[Value, None] = {}
        odd: list[tuple[Module, str, Any]] = []
        _collect(self, found, self, "", odd)
        for owner, name, value in odd:
            _refuse_hidden(owner, name, value, found)
        return list(found)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0. Call it before `backward`, which adds to gradients."""
        for parameter in self.parameters():
            parameter._grad = 0.0

    def config(self) -> dict[str, Any]:
        """Return the constructor's arguments for a module of the same shape, as plain data for JSON. `save` uses it."""
        raise NotImplementedError(
            f"{type(self).__name__} has no config(); define it, or make the model yourself and load its "
            "weights: model.load(path)"
        )

    def state_dict(self) -> dict[str, float]:
        """Return the number in each parameter, by name.

        Raises: ValueError if two parameters have the same name.
        """
        named = self.named_parameters()
        state = {name: parameter.data for name, parameter in named}
        if len(state) < len(named):
            twice = next(name for name in state if [other for other, _ in named].count(name) > 1)
            raise ValueError(
                f"two parameters are called {twice!r}; give an attribute of {type(self).__name__} another name"
            )
        return state

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Set every parameter.

        Arguments:
            state: a finite number for each name, as from `state_dict`.
        Raises: FileError if names or numbers do not fit; no parameter has changed then.
        """
        parameters = dict(self.named_parameters())
        if not isinstance(state, dict) or state.keys() != parameters.keys():
            raise FileError(f"the state is not that of this model: {_difference(parameters, state)}")
        loaded = {name: number(state[name], name) for name in parameters}
        for name, parameter in parameters.items():
            parameter.data = loaded[name]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model's shape, parameters and `notes` to a JSON file, from which `nn.load(path)` makes it again."""
        # only weights are written of a model with a user's own class, or with one layer twice: it has no config
        config: dict[str, Any] | None = None
        parts = list(self.modules())
        if len(set(map(id, parts))) == len(parts):
            with suppress(NotImplementedError):
                config = self.config()
        write_json(
            path,
            "model",
            {"kind": type(self).__name__, "config": config, "parameters": self.state_dict(), "notes": dict(self.notes)},
        )

    def load(self, path: str | os.PathLike[str]) -> None:
        """Set the parameters from a file that `save` wrote.

        Raises: FileError if the file is damaged, or of another model; no parameter has changed then.
        """
        self.load_state_dict(reader(read_json(path, "model"), "a model file")("parameters", dict))

    def train(self, mode: bool = True) -> Module:
        """Switch to train mode, or with mode=False to eval mode. Returns the module itself."""
        for module in self.modules():
            object.__setattr__(module, "training", mode)
        return self

    def eval(self) -> Module:
        """Switch to eval mode, in which Dropout changes nothing. Returns the module itself."""
        return self.train(False)


def _difference(parameters: dict[str, Value], state: Any) -> str:
    if not isinstance(state, dict):
        return f"it is {type(state).__name__}, not a dict of names and numbers"
    missing, strange = sorted(parameters.keys() - state.keys()), sorted(map(str, state.keys() - parameters.keys()))
    parts = [
        f"{len(names)} {what}, such as {names[0][:80]!r}"
        for names, what in ((missing, "missing"), (strange, "unknown to this model"))
        if names
    ]
    return ", ".join(parts)


def _collect(
    value: Any, found: dict[Value, None], owner: Module, name: str, odd: list[tuple[Module, str, Any]]
) -> None:
    """Add the parameters in a module or an attribute to `found`, in order. Every step of training calls it.

    An attribute that could hide parameters goes to `odd`, with its module and name.
    """
    if isinstance(value, Value):
        if is_leaf(value):
            found[value] = None
    elif isinstance(value, Module):
        for attribute, part in vars(value).items():
            if not _is_private(attribute):
                _collect(part, found, value, attribute, odd)
    elif type(value) not in _ORDINARY:
        inside = elements(value)
        opaque = hasattr(value, "__dict__") or hasattr(value, "__slots__")
        if not inside and opaque or isinstance(value, (set, frozenset)):
            odd.append((owner, name, value))
        for part in inside:
            # the most frequent case, without a call: as `is_leaf` says
            if type(part) is Value and part._a is None and type(part._tag) is not Unrecorded:
                found[part] = None
            else:
                _collect(part, found, owner, name, odd)


def _refuse_hidden(owner: Module, name: str, value: Any, known: Mapping[Value, None] | None) -> None:
    """Raise TypeError for an attribute with Values that would be neither trained nor saved."""
    inside = set(hidden(value))
    if not inside:
        return
    seen: dict[Value, None] = {}
    _collect(value, seen, owner, name, [])
    inside -= seen.keys()
    if inside and inside - set(owner.parameters() if known is None else known):
        raise TypeError(
            f"{type(owner).__name__}.{name} is a {type(value).__name__} with {len(inside)} parameters in it that would "
            "be neither trained nor saved; keep them in a list, a dict or an array of objects, or make it a Module; a "
            f"name that starts with _, such as _{name}, is left alone"
        )


def _refuse_unrecorded(owner: Module, name: str, value: Any) -> None:
    """Raise TypeError for what was computed within no_grad, where a module is made: it would be no parameter."""
    if any(not v.op and not is_leaf(v) for v in values(value)):
        raise TypeError(
            f"{type(owner).__name__}.{name} was computed within no_grad, and so is no parameter; for a parameter write "
            "Value(number), and for a constant keep the number"
        )


def _add_modules(value: Any, found: list[Module]) -> None:
    """Add the modules in an attribute to `found`, in order, without those inside of a module."""
    if isinstance(value, Module):
        found.append(value)
    elif type(value) not in _ORDINARY:
        for part in elements(value):
            if type(part) is not Value:
                _add_modules(part, found)


def _is_private(name: str) -> bool:
    return name.startswith("_")


def _parts(name: str, value: Any) -> Iterator[tuple[str, Value | Module]]:
    """Return the parameters and modules in an attribute, each with its name. Names that start with _ are private."""
    if _is_private(name):
        return
    if isinstance(value, Module) or isinstance(value, Value) and is_leaf(value):
        yield name, value
    elif not isinstance(value, Value) and type(value) not in _ORDINARY:
        named = keys(value)
        single = name.removesuffix("s") or name
        counted = f"{single}_" if single[-1].isdigit() else single
        for k, element in enumerate(elements(value), 1) if named is None else zip(named, elements(value), strict=True):
            yield from _parts(f"{counted}{k}" if named is None else f"{name}_{k}", element)

"""microgrAD: scalar automatic differentiation that one can read, step through and draw.

lazily       names of a package that are imported when they are first asked for
namesake     a warning if the package micrograd hides this one, or is hidden by it
ops          the table of operations: each with its value and its derivatives as formulas
errors       the errors that users see, and checks of arguments
files        writing files, whole or not at all
showing      what a notebook shows; asks viz for it
formula      reads a formula of the table, and writes it in several languages
generate     writes floats.py and operators.py from the table
native       the compiled engine, where there is one
floats       each operation and its derivatives on plain numbers (generated)
graph        the record of a node, and walks over graphs
following    who is told when the number of a Value is set
pausing      no_grad
leaving      refuses what would take a number out of a graph unnoticed
choices      operations that choose between operands, and the side that was taken
guesses      what to write instead of names that do not exist here
arrays       NumPy's functions on arrays of Values
backward     gradients, from the root to the leaves
scalar       what a Value does besides its operations
engine       records an operation
sources      the generated code of an operation, to be shown
operators    Value, with a method and a function for each operation (generated)
flat         the numbers of many Values as one array
copying      pickle and copy, for graphs of any depth
live         keeps the results of a graph at the numbers of its inputs
functions    functions made of several operations, such as softmax
lookup       a whole number that chooses among Values
calculus     grad, jacobian, hessian, jvp
checking     compares derivatives with finite differences
expression   reads an expression that a user typed
optim        optimisers, and the rule of each
steps        the trace of what backpropagation and training did
twins        the same graph in other libraries
explanation  the text of each step, and derivatives in letters
compiler     runs the graph of one row on many rows
init         initial weights
nn           neurons, layers, networks
outputs      what a network's outputs mean: classes, probabilities, quantities
reducing     means and sums over rows
losses       loss functions
datasets     tables and made-up data
train        fit, and what it records
estimators   classes for scikit-learn
interpret    the numbers behind pictures of what a network learned
gallery      known examples with their published digits
cli          the command line
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from microgrAD import copying as _copying  # noqa: F401  (teaches pickle and copy about graphs)
from microgrAD import guesses as _guesses
from microgrAD import lazily as _lazily
from microgrAD import namesake as _namesake
from microgrAD import operators as _operators
from microgrAD.operators import *  # noqa: F403  (a function for each operation, and Value)

if TYPE_CHECKING:
    from microgrAD.public import *  # noqa: F403

__version__ = "0.1.0"
_namesake.warn()

__getattr__, _later = _lazily.attach(__name__, _lazily.beside(__file__, "public.pyi"), _guesses.elsewhere)
# what would hide a builtin of Python, such as max, is there as microgrAD.max only
__all__ = [name for name in (*_later, *_operators.__all__) if _later.get(name) != "." and not hasattr(builtins, name)]


def __dir__() -> list[str]:
    return sorted({*globals(), *_later, *_operators.__all__})

"""Step by step: what backpropagation did, recorded as one trace of frozen events.

naming    names each node, the same in every medium
trace     the events, and the trace that holds them
taking    records the trace of a pass: `steps(root)`
training  the trace of training, which `microgrAD.train.train_steps` records: examples, updates, epochs
"""

from microgrAD.steps.taking import steps as steps
from microgrAD.steps.trace import Backward as Backward
from microgrAD.steps.trace import Forward as Forward
from microgrAD.steps.trace import Seed as Seed
from microgrAD.steps.trace import Tangent as Tangent
from microgrAD.steps.trace import TangentSeed as TangentSeed
from microgrAD.steps.trace import Trace as Trace
from microgrAD.steps.trace import Variable as Variable

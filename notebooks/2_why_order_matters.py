# %% [markdown]
# # Why order matters
#
# Backpropagation sends gradients from the result to the inputs. A value that is used twice gets two contributions. It
# has to wait for both of them before it sends anything on. This notebook shows what goes wrong if it does not wait.

# %% tags=["skip-execution"]
# %pip install -q "microgrAD-studio[notebook]"

# %%
import viz
from microgrAD import Value
from microgrAD.explanation import explain_paths
from microgrAD.gallery.order import lesson, side_by_side
from microgrAD.steps import steps
from microgrAD.steps.trace import Backward

a, b = Value(2, label="a"), Value(3, label="b")
c, d = a + b, a * b
c.label, d.label = "c", "d"
y = (c + d) + c * d
y.label = "y"
y.backward()
y

# %% [markdown]
# Both $c$ and $d$ are used twice: in the sum, and in the product. So the gradient of $c$ is a sum of two parts.

# %%
print(explain_paths(y, c))

# %% [markdown]
# ## Two orders
#
# On the left, each value waits until all of its consumers have reported. On the right, it sends its gradient as soon as
# something has arrived, and again when more arrives. So the right side counts the first contribution twice.

# %%
print(side_by_side(lesson(y)))

# %% [markdown]
# The right order is called *topological*: a value comes after everything that it was computed from, and the backward
# pass goes through that list from the end. This is every step of it, as it is recorded:

# %%
trace = steps(y)
for event in trace:
    if isinstance(event, Backward):
        part = f"{event.upstream:g} · {event.local:g} = {event.contribution:g}"
        print(f"{event.node.name} → {event.arg.name}: {part}, part {event.part} of {event.parts}")
trace

# %% [markdown]
# As a film, one gradient is a sum over paths. Each frame shows one path from $y$ back to $a$, and the product along it.

# %%
viz.path_movie(y, a)

# %% [markdown]
# ## Your turn
#
# 1. How many paths lead from $y$ to $b$? Count them, then ask `explain_paths(y, b)`.
# 2. Build $y = (x + x) + (x + x)$ from three additions. What is its gradient, and how many paths are there?
# 3. A chain of 20 doublings `x = x + x` has a million paths. Why does backpropagation need only 40 steps?

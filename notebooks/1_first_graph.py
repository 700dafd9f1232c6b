# %% [markdown]
# # The first graph
#
# A computer multiplies and adds. To learn, it also has to know how a result changes when its inputs change. This
# notebook shows how it finds that out, on the smallest example of CS231n's lecture: $f = (x + y) \cdot z$.

# %% tags=["skip-execution"]
# %pip install -q "microgrAD-studio[notebook]"

# %% [markdown]
# A `Value` is a number that remembers how it was computed. A label is its name in pictures.

# %%
import microgrAD
import viz
from microgrAD import Value, explain

x, y, z = Value(-2, label="x"), Value(5, label="y"), Value(-4, label="z")
q = x + y
q.label = "q"
f = q * z
f.label = "f"
f

# %% [markdown]
# This is the forward pass: every value follows from those before it. The gradients are not there yet. `backward`
# computes them, from the result back to the inputs.

# %%
f.backward()
f

# %% [markdown]
# Each gradient is a slope. If only $x$ grows by a little, $f$ changes by about $\partial f / \partial x$ times as much.
# Try it, without any calculus:

# %%
little = 0.001
moved = (x.data + little + y.data) * z.data
print(f"f changes by {moved - f.data:.4f}, and the gradient of x says {x.grad * little:.4f}")

# %% [markdown]
# Where do the gradients come from? Each wire of the graph multiplies what arrives from above by a local derivative. An
# addition passes it on. A product multiplies it by the other factor.

# %%
explain(f)

# %% [markdown]
# Here is the same as a lesson. Use → and ← to step through it. Drag an input: every number follows. *Exercise* asks you
# for the numbers.

# %%
viz.page(f)

# %% [markdown]
# The next lesson is linked with this notebook. Drag an input in it, then run the cell below: Python has the number too.

# %%
lesson = microgrAD.widget(f)
lesson

# %% [markdown]
# It works in the other direction as well. When a cell sets `x.data`, the lesson above follows.

# %%
x.data = 1.0
print(f"f = {f.data:g}")

# %% [markdown]
# ## Your turn
#
# 1. Which input has to move, and in which direction, so that $f$ grows fastest?
# 2. Make the graph of $f = x \cdot y + x$. Why is the gradient of $x$ a sum?
# 3. What is the gradient of $x$ in $f = x \cdot x$ at $x = 3$? Guess first, then run it.

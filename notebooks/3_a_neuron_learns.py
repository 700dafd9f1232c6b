# %% [markdown]
# # A neuron learns
#
# A neuron multiplies its inputs by weights, adds them up, and bends the sum. It learns by moving each weight against
# its gradient. Here it learns *and*: the answer is 1 only if both inputs are 1.

# %% tags=["skip-execution"]
# %pip install -q "microgrAD-studio[notebook]"

# %%
import viz
from microgrAD import Value, explain
from microgrAD.datasets import make_and
from microgrAD.nn import Neuron
from microgrAD.optim import SGD
from microgrAD.train import fit, train_steps

w1, w2, b = Value(0.5, label="w1"), Value(-0.3, label="w2"), Value(0.1, label="b")


def answer(x1, x2):
    return (w1 * x1 + w2 * x2 + b).sigmoid()


# %% [markdown]
# ## One step by hand
#
# One example: both inputs are 1, so the answer should be 1. The loss says how wrong the neuron is.

# %%
o = answer(1.0, 1.0)
o.label = "o"
loss = (o - 1.0) ** 2
loss.label = "L"
loss.backward()
loss

# %% [markdown]
# Every weight moves a little against its gradient. Then the loss is smaller.

# %%
for p in (w1, w2, b):
    p.data -= 0.5 * p.grad
after = (answer(1.0, 1.0) - 1.0) ** 2
print(f"the loss was {loss.data:.4f}, and is {after.data:.4f}")

# %% [markdown]
# ## The same, told in full
#
# `train_steps` takes such steps for a network, and records each of them.

# %%
X, y = make_and()
neuron = Neuron(2, activation="sigmoid", rng=1)
trace = train_steps(neuron, X[3:], y[3:], optimizer=SGD(neuron.parameters(), lr=0.5), loss="mse")
trace

# %%
explain(trace, digits=4)

# %% [markdown]
# ## Two hundred times
#
# `fit` does this for all four examples, many times.

# %%
neuron = Neuron(2, activation="sigmoid", rng=1)
history = fit(neuron, X, y, epochs=200, optimizer=SGD(neuron.parameters(), lr=2.0), record=True)
history

# %%
viz.decision_boundary(neuron, X, y)

# %% [markdown]
# The line is where the neuron changes its answer. One neuron always draws one straight line.
#
# ## Your turn
#
# 1. What happens with a learning rate of 0.01? With 100?
# 2. Let it learn `make_or()` instead.
# 3. Let it learn `make_xor()`. It fails. Why? The next notebook has the answer.

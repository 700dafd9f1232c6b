# %% [markdown]
# # From scalars to matrices
#
# In a network of scalars every number can be seen. But each multiplication makes an object, and that is slow. Libraries
# compute with matrices instead. This notebook turns the one into the other, with the same numbers.

# %% tags=["skip-execution"]
# %pip install -q "microgrAD-studio[notebook]"

# %%
import timeit

import microgrAD
import viz
from microgrAD.nn import MLP
from microgrAD.optim import SGD

X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
model = MLP(2, [4, 1], rng=0)


def loss(x, y):
    return (model(x) - y) ** 2


# %% [markdown]
# ## The graph of one row
#
# The loss of one row is a graph of scalars. It already has dozens of them, so each neuron is folded into one box.

# %%
viz.draw(loss(X[1], Y[1]), collapse="neuron")

# %% [markdown]
# ## The same for all rows
#
# `compile` records this graph once. Then it sees that a layer is a matrix product: each neuron is a row of $W$, and its
# bias is an entry of $b$.

# %%
program = microgrAD.compile(loss, parameters=model.parameters(), shapes=[(2,), ()])
print(program)

# %%
viz.draw(program)

# %% [markdown]
# Backpropagation becomes matrix products as well. The last lines are what a textbook writes with transposed matrices:

# %%
print(program.backward)

# %% [markdown]
# ## The same numbers
#
# One way builds the graph of each row and calls `backward`. The other runs the program. Compare the gradients:

# %%
total = sum((loss(x, y) for x, y in zip(X, Y, strict=True)), start=0.0) / len(X)
total.backward()
by_scalars = [p.grad for p in model.parameters()]
value, by_matrices = program.value_and_grad(X, Y)
print(f"loss {total.data:.6f} and {value:.6f}")
largest = max(abs(a - b) for a, b in zip(by_scalars, by_matrices, strict=True))
print("no gradient differs by more than rounding:", largest < 1e-15)

# %% [markdown]
# ## How much faster?


# %%
def by_hand():
    loss_now = sum((loss(x, y) for x, y in zip(X, Y, strict=True)), start=0.0)
    loss_now.backward()


# the least of many times is what the work takes when nothing else runs
slow = min(timeit.repeat(by_hand, number=1, repeat=100))
fast = min(timeit.repeat(lambda: program.value_and_grad(X, Y), number=1, repeat=100))
print("the program is faster:", slow > fast)

# %%
final = program.train(X, Y, SGD(model.parameters(), lr=0.2), 2000)
print(f"after 2,000 steps the loss is below 0.01: {final < 0.01}")
print([round(model(x).data) for x in X])

# %% [markdown]
# ## Your turn
#
# 1. Which step of `print(program)` is which layer? Write down the shapes of $W_1$ and $b_1$.
# 2. Why does `program.backward` need the outputs of the forward pass?
# 3. Give the network 30 hidden units. How do the two times grow?

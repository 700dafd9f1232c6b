# %% [markdown]
# # XOR, and what the network learned
#
# The answer is 1 if the inputs differ. No straight line separates these answers, so one neuron can't do it. A network
# with a hidden layer can. What do its hidden units see?

# %% tags=["skip-execution"]
# %pip install -q "microgrAD-studio[notebook]"

# %%
import viz
from microgrAD.datasets import make_xor
from microgrAD.nn import MLP, Perceptron
from microgrAD.optim import Adam
from microgrAD.train import fit

X, y = make_xor(100, noise=0.15, rng=0)
perceptron = Perceptron(2)
mistakes = perceptron.fit(X, y, epochs=50)
print(f"one neuron makes {mistakes[-1]} mistakes on {len(X)} rows, and never fewer than {min(mistakes)}")

# %%
network = MLP(2, [4, 1], rng=1)
history = fit(network, X, y, epochs=200, optimizer=Adam(network.parameters(), lr=0.05), record=True)
history

# %% [markdown]
# Both, side by side:

# %%
viz.compare_boundaries({"one neuron": perceptron, "four hidden units": network}, X, y)

# %% [markdown]
# ## What each hidden unit sees
#
# Each of them draws one line. The output unit combines the four.

# %%
viz.hidden_units(network, X, y)

# %% [markdown]
# The hidden layer moves the points: in its coordinates, one straight line is enough.

# %%
viz.latent_space(network, X, y)

# %% [markdown]
# ## The whole run
#
# Move through the epochs. Click a point, or drag a new one; open a unit to see its scalar graph.

# %%
viz.player(history, frames=41)

# %% [markdown]
# ## Your turn
#
# 1. With how few hidden units does it still work? Try 3, 2, 1, each with several seeds: `MLP(2, [2, 1], rng=5)`.
# 2. `viz.network(network, X[0], y[0])` draws the network on one example. Follow one δ back by hand.
# 3. Replace `make_xor` by `make_circles`. What do the units see now?

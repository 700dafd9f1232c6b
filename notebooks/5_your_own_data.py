# %% [markdown]
# # Your own data
#
# A table becomes a network that can be asked. The table here is small: for 24 leaves, their length and width in
# centimetres, and the tree. Put the name of your own file in its place.

# %% tags=["skip-execution"]
# %pip install -q "microgrAD-studio[notebook]"

# %%
import tempfile
from pathlib import Path

import microgrAD
import viz
from microgrAD.datasets import read_csv, scaling, train_test_split
from microgrAD.nn import MLP, Sequential, Standardize
from microgrAD.nn.saving import load
from microgrAD.optim import Adam
from microgrAD.outputs import probabilities
from microgrAD.train import evaluate, fit, predict

folder = Path(tempfile.mkdtemp())
(folder / "leaves.csv").write_text("""length,width,tree
9.1,4.2,beech
8.4,4.6,beech
7.9,4.9,beech
8.8,5.1,beech
7.2,4.1,beech
9.4,5.3,beech
8.1,4.4,beech
7.6,4.7,beech
11.2,1.4,willow
9.8,1.1,willow
12.4,1.7,willow
10.6,1.2,willow
8.9,1.0,willow
11.7,1.5,willow
10.1,1.6,willow
9.3,1.3,willow
6.1,5.8,lime
7.0,6.9,lime
6.6,6.2,lime
7.8,7.4,lime
5.7,5.5,lime
7.3,6.6,lime
6.4,6.4,lime
8.0,7.1,lime
""")
table = read_csv(folder / "leaves.csv", target="tree")
print(table.X.shape, table.feature_names, table.class_names)

# %% [markdown]
# ## Learn from some rows, and test with the others
#
# The features have different sizes, so the network begins with a layer that gives each of them mean 0 and deviation 1.
# The rows for the test take no part in learning.

# %%
X, X_test, y, y_test = train_test_split(table.X, table.y, test_size=0.25, rng=0)
network = Sequential(Standardize(*scaling(X)), *MLP(2, [4, 3], rng=0).layers)
history = fit(network, X, y, epochs=150, optimizer=Adam(network.parameters(), lr=0.05), validation=(X_test, y_test))
history

# %%
names = {"feature_names": table.feature_names, "class_names": table.class_names}
viz.decision_boundary(network, X, y, held_out=(X_test, y_test), **names)

# %%
test_loss, right = evaluate(network, X_test, y_test)
print(f"test: loss {test_loss:.3f}, {right:.0%} right")
viz.confusion_matrix(network, X_test, y_test, class_names=table.class_names)

# %% [markdown]
# ## Ask it, and keep it

# %%
leaf = [8.0, 6.0]
shares = probabilities(predict(network, [leaf]), "logits")[0]
for name, share in zip(table.class_names, shares, strict=True):
    print(f"{name}: {share:.2f}")
network.save(folder / "leaves.json")
again = load(folder / "leaves.json")
print("the file answers the same:", (predict(again, [leaf]) == predict(network, [leaf])).all())

# %% [markdown]
# ## In the playground
#
# The playground trains on the same table. Choose layers and rates, press play, and stop. `playground.model` is then the
# network that you see, and it works like any other.

# %%
page = viz.playground(X=table.X, y=table.y, hidden=[4], **names)
playground = microgrAD.widget(page)
playground

# %% [markdown]
# After you have trained it, run this:
#
# ```python
# predict(playground.model, [leaf])
# ```
#
# ## Your turn
#
# 1. Take your own table. Which column is the target? Is it classes, or a quantity?
# 2. Give the network 30 hidden units and 2,000 epochs. What happens to the dashed curve, that of the test?
# 3. Which leaf would the network find hardest? `viz.decision_boundary` shows where it is not sure.

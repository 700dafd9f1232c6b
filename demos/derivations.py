"""Derivatives in letters: a neuron's, a weight's of two paths in Mazur's network, the rule for a layer, and zeros.

Each derivation goes along the path through the graph, and says which formula a factor comes from.
"""

from __future__ import annotations

import _folder

from microgrAD import Value
from microgrAD.explanation import derive, explain_paths, layer_rule, why_zero
from microgrAD.gallery import find
from microgrAD.graph import topological

folder = _folder.chosen(__doc__)

lecture, mazur = (find(name).make().root for name in ("lecture-network", "mazur"))
parts = []
for root, weight in ((lecture, "w35"), (lecture, "w13"), (mazur, "w1")):
    found = derive(root, next(v for v in topological(root) if v.label == weight))
    print(f"{found}\n")
    parts.append(f"```\n{found}\n```\n\n$$\n{found.latex}\n$$\n")

print("every path to w1 of Mazur's network:")
print(explain_paths(mazur, next(v for v in topological(mazur) if v.label == "w1")))
print(f"\na hidden layer, in general: {layer_rule()}")
parts.append(f"$$\n{layer_rule(format='latex')}\n$$\n")

w, x = Value(-2.0, label="w"), Value(3.0, label="x")
n = w * x
n.label = "n"
print(f"\n{why_zero(n.relu(), w)}")

file = folder / "derivations.md"
file.write_text("\n".join(parts), encoding="utf-8")
_folder.wrote(file)

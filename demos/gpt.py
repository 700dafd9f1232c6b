"""A GPT of scalars learns to spell: 4,192 Values, every one of which can be looked at.

It is trained on 400 made-up names, one after the other, for 1,000 steps of Adam. One function of a word is compiled,
once for each length that a word may have. Pictures show its loss, what it spells before and after, where each head of
attention looks, how one letter's logit is computed, and which letters are alike to it.
"""

from __future__ import annotations

import itertools
import math
import time

import _folder
import _slides
import numpy as np
from _gpt import EDGE, GPT, HEADS, WIDTH, names, numbers, sampled, trained
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

import microgrAD
import viz
from microgrAD import Value
from microgrAD.interpret import principal_plane
from viz import style

folder = _folder.chosen(__doc__)
LOOK = style.theme("light")
LETTERS = [*"abcdefghijklmnopqrstuvwxyz", "·"]  # the last one is the edge of a word
words = [numbers(name) for name in names(500)]
learned, new = words[:400], words[400:]


# ---------------------------------------------------------------------------------------------- training

model = GPT()
print(f"{len(model.parameters()):,} parameters")
before = sampled(model, 12)
loss = microgrAD.compile(model.loss, parameters=model.parameters())
steps, losses = [0], [(loss.value(learned[:100]), loss.value(new))]


def seen(step: int) -> None:
    """Keep the losses of names that are learned, and of new ones."""
    steps.append(step)
    losses.append((loss.value(learned[:100]), loss.value(new)))


start = time.perf_counter()
trained(model, learned, seen=seen)
print(f"1,000 steps in {time.perf_counter() - start:.1f} s, with compiling and {len(steps)} looks at the loss")
after = sampled(model, 12)
print(f"loss of new names: {losses[0][1]:.2f}, then {losses[-1][1]:.2f}")


# ---------------------------------------------------------------------------------------------- loss and samples

ax = _slides.slide()
for k, name in enumerate(("names that it learns from", "names that it never saw")):
    ax.plot(steps, [pair[k] for pair in losses], color=style.CLASSES[k], linestyle="-" if k == 0 else "--", label=name)
ax.axhline(math.log(27), color=LOOK.muted, linewidth=1)
ax.text(1000, math.log(27) + 0.03, "each of 27 letters alike: ln 27", ha="right", color=LOOK.muted)
ax.set(
    title="The loss of the next letter falls, for new names too", xlabel="step", ylabel="cross entropy, nats a letter"
)
ax.set_ylim(0, 3.6)
ax.legend(frameon=False, loc="lower left")
_slides.save(ax.figure, folder / "gpt_loss.png")

figure = _slides.blank()
known = {"".join([LETTERS[a] for a in word[1:-1]]) for word in learned}
for ax, title, spelled in zip(
    figure.subplots(1, 2), ("before training", "after 1,000 steps"), (before, after), strict=True
):
    ax.set_axis_off()
    ax.set_title(title)
    for k, name in enumerate(spelled):
        ax.text(0.5, 0.95 - 0.08 * k, name + (" *" if name in known else ""), ha="center", va="center", fontsize=15)
figure.suptitle("What the model spells, letter by letter")
figure.text(0.99, 0.01, "* one of the names that it learned from", ha="right", va="bottom", color=LOOK.muted)
_slides.save(figure, folder / "gpt_samples.png")


# ---------------------------------------------------------------------------------------------- attention

word = max(new, key=len)[:-1]
attention: list[list[list[Value]]] = []
logits = model.logits(word, attention)
shown = [LETTERS[a] for a in word]
ramp = LinearSegmentedColormap.from_list("weight", [LOOK.background, LOOK.badge])


def weights(ax: Axes, head: int) -> None:
    """Draw where a head looks: a row for each letter, a column for each letter up to it."""
    for t, heads in enumerate(attention):
        for s, weight in enumerate(heads[head]):
            ax.add_patch(_square(s, t, weight.data))
            ink = LOOK.badge_ink if weight.data > 0.5 else LOOK.ink
            ax.text(s, t, f"{100 * weight.data:.0f}", ha="center", va="center", fontsize=8, color=ink)
    ax.set_xlim(-0.5, len(word) - 0.5)
    ax.set_ylim(len(word) - 0.5, -0.5)
    ax.set_aspect("equal")
    ax.set_xticks(range(len(word)), shown)
    ax.set_yticks(range(len(word)), shown)
    ax.set_title(f"head {head + 1}")


def _square(column: int, row: int, weight: float) -> object:
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=ramp(weight), edgecolor=LOOK.cluster_line)


figure = _slides.blank()
grid = figure.add_gridspec(2, 3, width_ratios=(1, 1.1, 1.1))
left = figure.add_subplot(grid[:, 0])
left.set_axis_off()
told = f"Where each head of\nattention looks in\n“{''.join(shown[1:])}”"
left.text(0, 1, told, va="top", fontsize=15, transform=left.transAxes)
about = "A row is a letter. In it stand\nthe letters that it looks at,\nin percent.\n\n· is the beginning of the word."
left.text(0, 0, about, va="bottom", fontsize=11, color=LOOK.muted, transform=left.transAxes)
for head in range(HEADS):
    weights(figure.add_subplot(grid[head // 2, 1 + head % 2]), head)
_slides.save(figure, folder / "gpt_attention.png")


# ---------------------------------------------------------------------------------------------- one logit as a graph


def opened(dot: Value, most: int = 4) -> Value:
    """Return a logit, the dot product of a row of weights and the 16 numbers of a letter, as a sum of products.

    The largest products are opened, down to what attention and the MLP have added to the embedding. The others are one
    number.
    """
    row, x = dot.args[:WIDTH], dot.args[WIDTH:]
    order = sorted(range(WIDTH), key=lambda k: -abs(row[k].data * x[k].data))
    total = Value(sum(row[k].data * x[k].data for k in order[most:]), label=f"{WIDTH - most} other products")
    for k in order[:most]:
        mlp, (attended, embedded) = x[k].args[0], x[k].args[1].args
        embedding = Value(embedded.data, label=f"embedding {k}") + Value(attended.data, label=f"attention {k}")
        state = embedding + Value(mlp.data, label=f"MLP {k}")
        state.label = f"x{k}"
        total = total + state * Value(row[k].data, label=row[k].label)
    return total


first = max(range(27), key=lambda a: logits[1][a].data)
logit = opened(logits[1][first])
logit.label = f"logit of {LETTERS[first]}"
logit.backward()
assert math.isclose(logit.data, logits[1][first].data)
_folder.wrote(viz.draw(logit, dpi=120).save(folder / "gpt_logit.png"))
operations = sum(bool(v.op) for v in microgrAD.topological(logits[1][first]))
print(f"the logit of {LETTERS[first]!r} after {shown[1]!r} is {logit.data:.3f}, made of {operations:,} operations")


# ---------------------------------------------------------------------------------------------- embeddings

E = [[w.data for w in row] for row in model.letters]
used = sorted({a for word in learned for a in word})
plane = principal_plane([E[a] for a in used])
ax = _slides.slide()
places = plane.project([E[a] for a in used])
room = (0.05, 0.07) * np.ptp(places, axis=0)
for _ in range(50):  # letters that would stand on each other are pushed apart
    for i, j in itertools.combinations(range(len(used)), 2):
        between = (places[i] - places[j]) / room
        if 0 < (distance := math.hypot(*between)) < 1:
            push = room * between / distance * (1 - distance) / 2
            places[i] += push
            places[j] -= push
for a, (x, y) in zip(used, places, strict=True):
    kind = 2 if a == EDGE else int(LETTERS[a] in "aeiouy")
    ax.text(x, y, LETTERS[a], ha="center", va="center", fontsize=18, weight="bold", color=style.CLASSES[kind])
    ax.plot(x, y, alpha=0)
ax.margins(0.08)
share = f"{sum(plane.shares):.0%} of the variance"
ax.set(title="Vowels stand apart: the embeddings of letters, which began at random", xlabel="first principal component")
ax.set_ylabel("second principal component")
ax.text(0.99, 0.01, share, transform=ax.transAxes, ha="right", va="bottom", color=LOOK.muted)
_slides.save(ax.figure, folder / "gpt_embeddings.png")

"""A GPT of scalars: 4,192 Values learn to write names, and every number in it can be looked at.

The loss of a word is compiled once for each length (`microgrAD.compile(...)`), so that a thousand steps
take seconds. The network then writes names of its own. Pictures: the loss, what each head attends to in a name, the
letters by their embeddings, and the scalar graph of one letter's score.
"""

from __future__ import annotations

import time

import _folder
import matplotlib
import numpy as np
from _gpt import GPT, names, written

import microgrAD
import viz
from microgrAD import Value
from microgrAD.optim import Adam

matplotlib.use("Agg")
from matplotlib.figure import Figure

STEPS, RATE, LETTERS, WORD = 1000, 0.01, "abcdefghijklmnopqrstuvwxyz", "marina"
VOWELS = "aeiou"

folder = _folder.chosen(__doc__)
model, words = GPT(LETTERS), names()
parameters = model.parameters()
random = np.random.default_rng(0)
before = [written(model, random) for _ in range(8)]


# ---------------------------------------------------------------------------------------------- learning

started = time.perf_counter()
program = microgrAD.compile(model, parameters=parameters)
optimizer = Adam(parameters, lr=RATE, betas=(0.85, 0.99))
losses = []
for step in range(STEPS):
    optimizer.lr = RATE * (1 - step / STEPS)
    optimizer.zero_grad()
    losses.append(program.value_and_grad([model.tokens(words[step % len(words)])])[0])
    optimizer.step()
took = time.perf_counter() - started
after = [written(model, random) for _ in range(16)]

first, last = np.mean(losses[:50]), np.mean(losses[-50:])
print(f"{len(parameters):,} parameters, {STEPS} steps of one name each in {took:.1f} s, compiling included")
print(f"loss of a letter: {first:.2f} at first (guessing is {np.log(len(LETTERS) + 1):.2f}), {last:.2f} in the end")
print(f"it wrote before: {', '.join(before)}")
print(f"and now:         {', '.join(dict.fromkeys(after))}")


# ---------------------------------------------------------------------------------------------- pictures


def curve() -> Figure:
    """Return the loss of each step, and its mean over 50 of them."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    ax = figure.add_subplot()
    ax.plot(losses, color="#b8c4d0", linewidth=0.8, label="a name")
    ax.plot(np.arange(49, STEPS), np.convolve(losses, np.ones(50) / 50, "valid"), color="#0072b2", label="mean of 50")
    ax.axhline(np.log(len(LETTERS) + 1), color="#888888", linestyle="--", linewidth=1, label="guessing")
    ax.set(xlabel="step", ylabel="loss of a letter", title="A GPT of 4,192 scalars learns to write names")
    ax.legend()
    return figure


def heads(word: str) -> Figure:
    """Return for each head how much each letter of a word attends to those before it."""
    tokens = model.tokens(word)[:-1]
    attention: list[list[list[Value]]] = []
    model.read(tokens, attention)
    signs = ["·", *word]
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    for head, ax in enumerate(np.ravel(figure.subplots(1, model.heads))):
        weights = np.zeros((len(tokens), len(tokens)))
        for k, each in enumerate(attention):
            weights[k, : k + 1] = [float(weight) for weight in each[head]]
        ax.imshow(weights, cmap="Blues", vmin=0, vmax=1)
        ax.set(xticks=range(len(signs)), yticks=range(len(signs)), title=f"head {head + 1}")
        ax.set_xticklabels(signs)
        ax.set_yticklabels(signs)
    figure.supylabel("the letter that reads", fontsize=10)
    figure.supxlabel("what it reads (· is the beginning); darker is more", fontsize=10)
    return figure


def embeddings() -> Figure:
    """Return the letters by the two directions in which their embeddings differ most (PCA)."""
    used = sorted({letter for word in words for letter in word})
    numbers = np.array([[v.data for v in model.token[LETTERS.index(letter)]] for letter in used])
    centred = numbers - numbers.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    places = centred @ directions[:2].T
    share = (sizes[:2] ** 2).sum() / (sizes**2).sum()
    figure = Figure(figsize=(6, 5), layout="constrained")
    ax = figure.add_subplot()
    for letter, (x, y) in zip(used, places.tolist(), strict=True):
        ax.text(x, y, letter, fontsize=16, ha="center", va="center", color="#d55e00" if letter in VOWELS else "#0072b2")
    low, high = places.min(axis=0), places.max(axis=0)
    room = 0.1 * (high - low)
    ax.set(xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + room[1]))
    ax.set(title=f"Letters by their embeddings: vowels stand apart\n({share:.0%} of the variance is in this plane)")
    return figure


def score(word: str, most: int = 4) -> Value:
    """Return the score of a word's last letter after those before it, w · x; its smaller products are one number."""
    *read, target = model.tokens(word)[:-1]
    held = [float(x) for x in model.read(read)[-1]]
    weights = [w.data for w in model.head[target]]
    order = sorted(range(len(held)), key=lambda j: -abs(weights[j] * held[j]))
    found = Value(sum(weights[j] * held[j] for j in order[most:]), label=f"{len(order) - most} more")
    for j in reversed(order[:most]):
        found = found + Value(weights[j], label=f"w{j + 1}") * Value(held[j], label=f"x{j + 1}")
    found.label = f"{word[-1]} after {word[:-1]}"
    return found


for name, picture in (("loss", curve()), ("attention", heads(WORD)), ("embeddings", embeddings())):
    file = folder / f"gpt_{name}.png"
    picture.savefig(file, dpi=120)
    _folder.wrote(file)
opened = score(WORD)
opened.backward()
_folder.wrote(viz.draw(opened, size="16:9").save(folder / "gpt_score.png"))

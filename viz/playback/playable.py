"""What can be played: the limits of the player, and checks of a run and of the names that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from microgrAD.interpret.rows import Array
from microgrAD.nn import Module
from microgrAD.outputs import outputs
from microgrAD.train.task import Task, task
from viz import style
from viz.networks.given import classes, features

if TYPE_CHECKING:
    from microgrAD.train import Recording

MOST_FEATURES, MOST_CLASSES, MOST_PARAMETERS = 64, len(style.MARKERS), 2000


def check_size(model: Module) -> None:
    """Raise ValueError for a network with more parameters than the player draws."""
    if (count := len(model.parameters())) > MOST_PARAMETERS:
        raise ValueError(
            f"the player draws every weight, up to {MOST_PARAMETERS:,} parameters, and this network has "
            f"{count:,}; take smaller layers"
        )


def learned(recording: Recording, X: Array) -> Task:
    """Return what a run learned: targets and loss. Raise ValueError for several quantities."""
    width = outputs(recording.model, X[:1]).shape[1]
    learn = task(recording.model, recording.y, width, len(X), recording.criterion)
    if learn.truth is None and (width > 1 or isinstance(learn.targets[0], list)):
        raise ValueError(f"the player shows classes, or one quantity, and this network returns {width} quantities")
    return learn


def named_classes(learn: Task, given: Sequence[str] | None, recording: Recording) -> list[str]:
    """Return a name for each class; none for a quantity. Raise ValueError for classes that cannot be shown."""
    if learn.truth is None:
        if given is not None:
            raise ValueError("class_names are for classes, but these targets are a quantity; pass target_name instead")
        return []
    count = max(2, outputs(recording.model, recording.X[:1]).shape[1])
    known = np.unique(recording.y).tolist() if recording.y.ndim == 1 else []
    if count > MOST_CLASSES:
        raise ValueError(f"the player shows up to {MOST_CLASSES} classes, and this network returns {count}")
    names = classes(given, known if len(known) == count else range(count), page=True)
    if missing := [name for k, name in enumerate(names) if k not in learn.truth]:
        raise ValueError(f"the player needs a row of every class, but there is none of class {missing[0]!r}")
    return names


def named_features(given: Sequence[str] | None, count: int, *, quantity: bool) -> list[str]:
    """Return a name for each feature. Raise ValueError for more or fewer features than the player shows."""
    if not (1 if quantity else 2) <= count <= MOST_FEATURES:
        raise ValueError(
            f"the player shows classes of data with 2 to {MOST_FEATURES} features, or a quantity of 1 to "
            f"{MOST_FEATURES}, got {count} {'feature' if count == 1 else 'features'}"
        )
    return features(given, count, page=True)

"""The decision boundaries of several models side by side, on the same data.

How to read it: only the model is different from panel to panel. Above each panel are the name of the model and its
share of right answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from viz import style
from viz.networks.axes import columns_for, entitle, figure_on, figure_title, panels
from viz.networks.decision_boundary import decision_boundary, share_right
from viz.networks.given import checked
from viz.networks.legends import figure_legend, take_legend
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure


def compare_boundaries(
    models: Mapping[str, Any],
    X: Any,
    y: Any,
    *,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    held_out: tuple[Any, Any] | None = None,
    reading: str | None = None,
    columns: int | None = None,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
    **options: Any,
) -> Picture:
    """Draw the decision boundaries of several models, each with its share of right answers.

    Arguments:
        models: the models by name.
        columns: the number of panels in a row.
        figure: the Figure to draw on; by default a new slide.
        X, y, feature_names, class_names, held_out, reading, title, theme, options: as for `decision_boundary`.
    Returns: a Picture, on one Axes for each model.
    """
    look = style.theme(theme)
    figure, columns = figure_on(figure, look), columns or columns_for(len(models))
    axes = panels(len(models), look, figure=figure, columns=columns)
    X, y = checked(X, y)
    options |= {"feature_names": feature_names, "class_names": class_names, "held_out": held_out, "reading": reading}
    for ax, (name, model) in zip(axes, models.items(), strict=True):
        decision_boundary(model, X, y, ax=ax, title="", theme=theme, colorbar=False, **options)
        entries = take_legend(ax)
        right = f"{share_right(model, X, y, y, reading):.0%} right"
        if held_out is not None:
            share = share_right(model, *held_out, y, reading)
            right += ("\n" if columns > 2 else ", ") + f"held out {share:.0%}"
        entitle(ax, None, f"{name}\n{right}", look)
        ax.label_outer()
    figure_legend(axes[0], entries, look)
    figure_title(axes, title, "Where each model's answer changes, on the same data", look)
    return Picture(axes)

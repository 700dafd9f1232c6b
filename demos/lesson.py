"""A lesson on y = (c + d) + c d with c = a + b and d = a b: two paths meet at c and at d, and their gradients add up.

lesson.html is for the projector: step with the arrow keys, drag a and b. exercise.html asks for the same numbers and
checks the answers. sheet.html is an exercise on paper, with a key. None of them needs a connection to the internet.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD import parse

folder = _folder.chosen(__doc__)

y = parse("c = a + b; d = a * b; y = (c + d) + c * d", a=2, b=3)
lesson, exercise = folder / "lesson.html", folder / "exercise.html"
viz.page(y, lesson, title="Where paths meet, gradients add up")
viz.page(y, exercise, title="Where paths meet: your turn", exercise=True)
sheet = viz.worksheet(y, title="Where paths meet, gradients add up")
_folder.wrote(lesson, exercise, *sheet.save(folder / "sheet.html"))

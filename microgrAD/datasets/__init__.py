"""Small data sets to learn from, and what to do with data before training.

    arrays     checks and noise that the makers share
    logic      and, or, exclusive or, parity
    points     points in the plane, and a sine
    glyphs     small grey pictures of letters
    reviews    restaurant reviews that are unfair to one cuisine
    asking     errors and warnings about tables, and the options that they name
    numerals   numbers as they are written in tables, with a point or a comma
    delimited  a text file as rows of cells
    headers    whether the first line has the names of the columns
    columns    which columns are features
    targets    whether the target is classes or a quantity
    tables     tables from CSV files
    splits     standardizing, held-out rows, batches

Each `make_` function returns rows X (n_samples, features) and targets y (n_samples,): classes, numbered from 0, or for
a sine numbers. Its arguments are `n_samples`, the number of rows; `noise`, the standard deviation of Gaussian noise on
the inputs; and `rng`, a seed or generator: the same seed makes the same data on every machine.
"""

from microgrAD.datasets.asking import TableError, TableWarning
from microgrAD.datasets.glyphs import GLYPHS, make_glyphs
from microgrAD.datasets.logic import make_and, make_or, make_parity, make_xor
from microgrAD.datasets.points import make_blobs, make_circles, make_moons, make_sine, make_spirals, make_yin_yang
from microgrAD.datasets.reviews import bag_of_words, make_reviews
from microgrAD.datasets.splits import minibatches, scaling, standardize, train_test_split
from microgrAD.datasets.tables import Table, read_csv, read_rows

__all__ = [
    "GLYPHS",
    "Table",
    "TableError",
    "TableWarning",
    "bag_of_words",
    "make_and",
    "make_blobs",
    "make_circles",
    "make_glyphs",
    "make_moons",
    "make_or",
    "make_parity",
    "make_reviews",
    "make_sine",
    "make_spirals",
    "make_xor",
    "make_yin_yang",
    "minibatches",
    "read_csv",
    "read_rows",
    "scaling",
    "standardize",
    "train_test_split",
]

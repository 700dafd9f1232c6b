"""Small data sets to learn from, and what one does to data first.

    arrays     checks and noise that the makers share
    logic      and, or, exclusive or, parity
    points     points in the plane, and a sine
    glyphs     small grey pictures of letters
    reviews    restaurant reviews, unfair to one cuisine
    asking     errors and notes about tables, and options that say otherwise
    numerals   numbers as tables write them, decimal commas too
    delimited  a text file as rows of cells
    headers    is the first line one of names?
    columns    which columns are features
    targets    classes or quantities
    tables     tables from CSV files
    splits     one scale, held-out rows, batches

Each `make_` function gives rows X of shape (n_samples, features) and targets y of shape (n_samples,): classes as
whole numbers from 0, or, of a sine, numbers. One `rng` gives the same data on every machine.
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

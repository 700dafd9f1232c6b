"""The training player: a recorded run of training as one page.

body      what stands in it
replay    the graph of a row's loss, as numbers to replay
player    `player(history, path)`
assets    its script and style
"""

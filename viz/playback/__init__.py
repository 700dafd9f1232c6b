"""The training player: a recorded run of training as one page.

body      the HTML of its body
replay    the graph of the loss of one row, as numbers to replay
playable  what can be played, and up to what size
contents  the points, epochs and hidden layer that are in the page
player    `player(history, path)`
assets    its script and style
"""

"""What to draw: a graph read once from `Value`s, the only code of viz that walks them.

nodes      frozen nodes and edges, and `read`
cluster    neurons and layers: framed, or folded into one box
merge      boxes folded into the box that uses them
select     how much of a graph gets a box
"""

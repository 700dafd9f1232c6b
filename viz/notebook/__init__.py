"""What a notebook shows of microgrAD's results, and the widget that is linked with it.

dot         `draw_dot`, for anyone who knows micrograd's notebook
shown       the picture of each result
linked      the widgets themselves, which take anywidget
widgets     `microgrAD.widget`
assets      the widget's script
"""

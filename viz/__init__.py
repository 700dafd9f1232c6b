"""Pictures of computational graphs, and of what networks learned.

    draw(root)              a Drawing: shows itself in Jupyter, .save("x.png") or .svg, .pdf, .pptx, ...; .plot(ax)
    draw_dot(root)          the same picture in the style of micrograd's notebook
    to_graphviz(root)       a graphviz.Digraph, to edit DOT by hand
    page(root, "x.html")    a lesson: step by step, live numbers, an exercise, in one file
    movie(root, "x.gif")    the pass as a film, or as slides: "x.pptx"
    path_movie(root, w, "x.gif")    one gradient as the sum over its paths
    worksheet(root, "x.pdf")    the pass as a printable exercise, and its key
    tikz(root, "x.tex")     the graph as TikZ, or the pass as beamer overlays

Pictures of what networks learned show themselves in Jupyter and have .save("x.png") or .svg, .pdf, .pptx; with `ax=` or
`figure=` they are drawn on your own matplotlib Axes or figure:

    curves:                 fitted_curve, for a network with one input
    boundaries:             decision_boundary, compare_boundaries, unit_boundary and hidden_units, boundary_movie
    the network itself:     network, as a lecture draws it: outputs, δ, weights, updates of one example
    hidden layers:          latent_space, latent_spaces, network_drawing, network_planes
    inputs:                 input_gradients, saliency_maps, word_importance, logit_bars, hard_images, adversarial_images
    features:               weight_images, exciting_images, maximised_images, feature_maps
    questions:              dependence_curve, influential_points, concept_effect
    training:               learning_curves and each of them, loss_curves, training_path, weight_plane, random_plane
    a lecture's figures:    activation_curves, layer_gradients, weights_by_layer, sweep_curve, confusion_matrix
    player(history, "x.html")       a recorded run of training, in one page

NumPy and matplotlib are imported only when a picture needs them. The files and folders of the package:

style          colours, lines, and how a number is written
metrics        the widths of characters, recorded, for a browser
fonts          the width of a text
scene          shapes on a sheet
options        the sizes of slides, and checks of arguments
bundle         what a notebook is given: text, a picture, a page
graph          what is drawn: nodes and edges
layout         where it is drawn
compose        the shapes: boxes, wires, slides
write          one file for each medium: SVG, matplotlib, TikZ, DOT, GIF, MP4, slides, Mermaid
scene_drawing  what pictures of graphs come back as
picture        what pictures of networks come back as
networks       one picture of what a network learned in each file
web            what pages share
passes         the pass through a graph as a lesson, a film, slides, a worksheet
playback       the page that plays a run of training
trainer        the page that trains: the playground
programs       pictures of compiled programs
drawing        draw
notebook       what notebooks show, and the widget
studio         the whole tool in a browser tab
"""

from microgrAD import lazily as _lazily

__getattr__, _later = _lazily.attach(__name__, _lazily.beside(__file__, "__init__.pyi"))
__all__ = list(_later)


def __dir__() -> list[str]:
    return __all__

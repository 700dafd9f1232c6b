"""What networks learned: one file a kind of picture. Each returns a `viz.Picture`.

axes                 new Axes, panels, titles
colors               colours of classes and signs, from viz/style.py, and the points of data
legends              below one Axes, or below all
given                checks data, labels, names
extent               how much of a plane is seen
decision_boundary    the answer over the plane, and the data
side_by_side         the boundaries of several models
unit_boundaries      the line of one unit, and of all units of a layer
boundary_film        the boundary while the network learns
fitted_curve         the curve of a network of one input
latent_spaces        the data as each hidden layer sees them
pixels               an image of numbers, or of ink
saliency             which inputs move the answer, in the plane and on an image
words                which words move the answer
weight_images        weights as images
exciting_images      the images that excite a unit
feature_maps         what filters make of an image
answers              outputs as bars, the hardest images
fooled               the least change that flips an answer
dependence           the answer when one feature is set
influence            which training points taught an answer
concept              the answers when a concept is added
diagram              layers of circles, a line for each weight
lettering            names of units and weights, with small indices
network_steps        the network as a lecture draws it, with the numbers of one example
unit_planes          the plane as each unit sees it, in its place
weight_spread        the weights of a layer by epoch
learning_curves      loss, accuracy, gradient norms by epoch
loss_surface         the loss over a plane of weights, and the path on it
"""

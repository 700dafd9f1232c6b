"""What networks learned: one file a kind of picture, on any matplotlib Axes.

axes                 new Axes, panels, legends, colour scales
given                checks data, labels, names
extent               how much of a plane is seen
decision_boundary    the answer over the plane, and the data
boundaries           boundaries side by side, of each unit, and over a run
fitted_curve         the curve of a network of one input
latent_spaces        the data as each hidden layer sees them
saliency             which inputs move the answer
weight_images        weights as images
features             what units and filters react to, and what fools a network
questions            dependence, influence, concepts
diagram              layers of circles, a line for each weight
lettering            names of units and weights, with small indices
network_steps        the network as a lecture draws it, with the numbers of one example
unit_planes          the plane as each unit sees it, in its place
learning_curves      loss, accuracy, gradient norms by epoch
loss_surface         the loss over a plane of weights, and the path on it
"""

"""Show a trace in a medium. Every medium shows the same stages on the same board.

board             the picture of a trace, laid out once for all stages
stages            what each event adds to the picture
captions          rows below each frame
telling           what is told in each frame; of a pass, on its graph
run_on_network    a run of training on the picture of its network
run_on_graph      a run of training on the graph of its loss
tell              finds which of these it is
film_files        the files of a film
film              a GIF, slides, or a numbered picture for each step
path_film         one gradient by its paths, a frame for each
slides            TikZ, and beamer overlays
lesson            a page to step through
worksheet         a sheet of paper, and its key
exam              the sheets of a class, and its quizzes for learning platforms
"""

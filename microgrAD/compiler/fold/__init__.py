"""Folding the graph of a loop over data into one row's tape and a table of rows.

graphs      reads the graph behind Values
lockstep    finds rows that a loop computed in the same way
families    finds what in a graph was computed from one row
folding     makes one row's graph and a table of rows out of a loop's graph
"""

"""Reads an expression of SymPy.

parts        numbers, terms, factors and functions of an expression
reader       reads an expression, part by part
"""

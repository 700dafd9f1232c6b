"""The studio: the whole tool in a browser tab.

assets      its scripts and style
"""

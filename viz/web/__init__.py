"""Parts that all pages share.

shell         the document: policy, style, script and data in one file
words         the words of pages, in each language
page          a page as a text, and its file
javascript    the operations as JavaScript, from the table
navigation    the bar for steps and epochs, and the button for the theme
assets        scripts and styles that several pages use
"""

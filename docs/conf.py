"""Settings of the documentation's build: `make docs`. What the build makes itself is in _site/."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_site"), str(HERE.parent / "tests" / "shared"), str(HERE.parent)]

import microgrAD  # noqa: E402

project = "microgrAD"
author = "The microgrAD authors"
copyright = "the microgrAD authors"
version = release = microgrAD.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_design",
    "sphinx_copybutton",
    "docstrings",  # the docstrings of this project, as reStructuredText
    "formulas",  # formulas as MathML, which needs no script
    "pages_written",  # the pages of the reference that are written by the build
    "pictures",  # what the code on a page writes, on the page
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build", "made", "_site"]
smartquotes = False  # -- and "" are code, also in prose
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]  # types in signatures; MyST checks the links on pages

myst_enable_extensions = ["dollarmath", "colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
suppress_warnings = ["myst.strikethrough"]

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say what an argument is, in words
autodoc_class_signature = "mixed"
add_module_names = False
toc_object_entries = False

templates_path = ["_templates"]
html_theme = "furo"
html_title = f"microgrAD {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # it would fetch pages, which a browser refuses for files on a disk
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1a4f9c", "color-brand-content": "#1a4f9c"},
    "dark_css_variables": {"color-brand-primary": "#8fb8f6", "color-brand-content": "#8fb8f6"},
    "footer_icons": [],
}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .gp, .go"

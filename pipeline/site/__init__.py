"""What the visitor sees: the MkDocs plugin, the pages that no document holds, templates, styles and one small script.

Everything that knows MkDocs stands here and in ``stages/build.py``. Nothing here decides whether a document may go live.
"""

"""Redaksi: the website and the editorial office of an Indonesian court, kept in one Git repository.

Map of the rooms, each importing only from those before it (``tests/test_imports.py`` holds it):

- ``errors``, ``strict_yaml``, ``model``: what may go wrong, the one YAML parser, and the nouns everyone shares.
- ``kinds``, ``frontmatter``, ``markdown``: what a document is: its fields, its front matter, its text.
- ``office``, ``procedure``, ``calendar``: the court as data, its SOPs, its working minutes.
- ``signature``, ``judgement``: who signed, and the one pure verdict on a document's way.
- ``rules``: one file, one rule for a document. ``world``: the only doors to the outside.
- ``probes``, ``platforms``, ``targets``: one file a measurement, a social platform, a way to the live site.
- ``site``: what the visitor sees. ``stages``: the verbs, in the order in which a document meets them.
- ``cli``, ``desk``: the doors for people.
"""

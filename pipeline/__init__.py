"""Redaksi: the website and the editorial office of an Indonesian court, kept in one Git repository.

Map of the rooms, each importing only from those before it (``tests/test_imports.py`` holds it):

- ``errors``, ``strict_yaml``, ``model``: what may go wrong, the one YAML parser, and the nouns everyone shares.
- ``kinds``, ``frontmatter``, ``markdown``: what a document is: its fields, its front matter, its text.
- ``schema``, ``office`` (``court``, ``people``, ``authority``, ``procedure_file``), ``procedure``, ``calendar``: the court as data,
  its SOPs, its working minutes. ``people_file`` edits the text of people.yml; ``succession`` says who can still decide.
- ``signature``, ``judgement``, ``withdrawal``, ``quorum``: who signed, and the pure verdicts on a document's way, on taking a page
  down, and on a change of policy. ``correction``: notices on what was published wrongly.
- ``picture``, ``picture_metadata``: photos as bytes, taken in clean and made in variants.
- ``rules``: one file, one rule for a document. ``world``: the only doors to the outside.
- ``probes``, ``targets``: one file a measurement, one file a way to the live site.
- ``site``: what the visitor sees. ``stages``: the verbs, in the order in which a document meets them.
- ``cli``: the door for people, one file a group of commands. ``demo``: a program of its own that plays the main job through that door.
"""

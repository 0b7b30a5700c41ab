"""The verbs, in the order in which a document meets them; each reads, decides (pure) and then does.

- Writing: ``session`` (who works where), ``draft``, ``working_folder``, ``keep`` (saves), ``archive``, ``afresh`` (begun anew),
  ``check``, ``images``, ``folder``.
- Deciding: ``proposal`` (how an act reaches a branch), ``review``, ``together`` (several at once), ``paper``, ``notice``.
- Publishing: ``publish``, ``withdraw``, ``golive``, ``build``, ``preview``, ``deploy``, ``audit``, ``inspection``, ``monev``.
- Proving: ``bootstrap`` and ``opening`` (where proof begins), ``replay`` and ``verify`` (main, step by step), ``hygiene`` (what
  history keeps), ``admission`` and ``hook`` (the office server), ``stamps``, ``evidence``.
- Ruling: ``policy``, ``people``. Looking: ``board``, ``outlook``, ``remedy``, ``returns``, ``timeline``.
"""

"""The verbs, in the order in which a document meets them; each reads, decides (pure) and then does.

``session`` (who works where), ``draft`` (begin, submit, take back), ``check``, ``images``, ``proposal`` (how an act reaches a
branch), ``review`` (read, approve, return), ``publish``, ``verify``, ``build``, ``audit``, ``deploy``, ``monev``; and beside them
``opening`` (the office is opened) and ``board`` (what waits for whom).
"""

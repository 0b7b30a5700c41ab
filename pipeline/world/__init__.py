"""The only doors to the outside: Git, files, HTTP, records, the clock. Nothing here decides anything."""

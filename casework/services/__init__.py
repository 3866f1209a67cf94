"""Use-cases: authorise, decide, seal, store, audit, in one transaction."""

"""Reviewing what rules propose: what waits, each proposal with what it rests on, and the decision."""

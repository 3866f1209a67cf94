"""People who stand in two cases: who probably does, and what members said of them."""

"""Statistics: what is asked becomes a protected table, or a refusal; a number never leaves on its own."""

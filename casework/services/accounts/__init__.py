"""Several members' accounts of one incident: found, linked, counted once; each stays its author's."""

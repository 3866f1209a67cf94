"""What others counted, as the organization keeps it: figures, lists of them, requests for access."""

"""Series that stand out from their own past: counts in, expectations and error rates out. Nothing is stored.

Farrington et al., A statistical algorithm for the early detection of outbreaks of infectious disease,
Journal of the Royal Statistical Society A 159 (1996); Noufaily et al., An improved algorithm for outbreak
detection in multiple surveillance systems, Statistics in Medicine 32 (2013).
"""

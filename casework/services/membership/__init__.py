"""Who belongs: invited, admitted, known by the roster, leaving, and the keys that come and go with it."""

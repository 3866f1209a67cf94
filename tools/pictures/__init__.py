"""Takes the pictures of README and of the guides anew: `make pictures`.

It fills the demonstration in a temporary folder, goes through it as the guides do, once in English and once
in French, and writes small PNG files. People and stories are those of the day; references, the words of a
passphrase and fingerprints are drawn anew. A browser without a window writes the date in its own field as in
the United States, in whichever language.
"""

"""Names made comparable: their parts without particles, and how each part sounds whoever wrote it down."""

import re

from casework.domain.folding import fold

MOST_PARTS = 4
"""Parts of a name that are compared; the fifth and later ones tell little more."""

# Articles, prepositions and honorifics that come and go between two spellings of one name.
_PARTICLES = frozenset(
    "a al an as ben bent bin bint da das de del della der di do dos du e ed el ibn la las le les lo los"
    " m md mme mlle mr mrs ms o ou san santa st ste ter van von y".split()
)
_PART = re.compile(r"[^\W\d_]+")

# Spellings of one sound, the longer ones first: French, Spanish and English ways of writing Arabic, Creole,
# Hindi, Bengali, Punjabi, Tamil and German names.
_SOUNDS = (
    ("sch", "s"),
    ("tch", "s"),
    ("ch", "s"),
    ("sh", "s"),
    ("kh", "k"),
    ("gh", "g"),
    ("dh", "d"),
    ("th", "t"),
    ("ph", "f"),
    ("bh", "b"),
    ("ck", "k"),
    ("qu", "k"),
    ("ks", "x"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("ge", "je"),
    ("gi", "ji"),
    ("dj", "j"),
    ("q", "k"),
    ("c", "k"),
    ("z", "s"),
    ("v", "b"),
    ("w", "b"),
    ("y", "i"),
    ("h", ""),
)
_VOWELS = re.compile("[aeiou]+")
_DOUBLED = re.compile(r"(.)\1+")


def name_parts(name: str) -> tuple[str, ...]:
    """Give up to `MOST_PARTS` folded parts of a name, in its order, without particles.

    A name of particles alone keeps them: somebody may well be called Ben.
    """
    parts = _PART.findall(fold(name))
    told = [part for part in parts if part not in _PARTICLES]
    return tuple((told or parts)[:MOST_PARTS])


def skeleton(part: str) -> str:
    """Give the consonants that one part of a name is heard by: "Youssef" and "Yusuf" have the same.

    Never empty for a part with letters; a vowel stays only at the beginning.
    """
    heard = part
    for written, sound in _SOUNDS:
        heard = heard.replace(written, sound)
    heard = _DOUBLED.sub(r"\1", heard)
    bare = heard[:1] + _VOWELS.sub("", heard[1:])
    return _DOUBLED.sub(r"\1", bare) or part

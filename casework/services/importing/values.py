"""Short forms and other words for the codes of a list, as lists write them: `values.toml`."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from casework.domain.folding import fold
from casework.domain.vocabulary import code_list

_ENDINGS = re.compile(r"·\w+")


@cache
def short_forms(list_name: str) -> Mapping[str, str]:
    """Return the code of each form, folded; labels and aliases are known without."""
    text = (files(__package__) / "values.toml").read_text(encoding="utf-8")
    short = {form: code for code, forms in tomllib.loads(text).get(list_name, {}).items() for form in forms}
    labels = ((label, term.code) for term in code_list(list_name) for label in term.labels.values())
    # "Demandeur·e d’asile" is written of one person as "demandeur d’asile" too.
    return {fold(_ENDINGS.sub("", label)): code for label, code in labels if "·" in label} | short

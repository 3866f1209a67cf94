"""The descriptor of a release's data files: a Frictionless Data Package, version 2.0 of the standard."""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from casework.reports.labels import Labels
from casework.reports.publication import words
from casework.reports.publication.codebook import STATUSES, write_codebook
from casework.reports.publication.data_csv import OFFICIAL_COLUMNS, write_official, write_table
from casework.reports.publication.edition import DataTable, Edition
from casework.reports.publication.release_json import write_json

_PROFILES = "https://datapackage.org/profiles/2.0"

Tree = dict[str, Any]

# The lines above the heading say what became of the release.
_DIALECT: Tree = {"$schema": f"{_PROFILES}/tabledialect.json", "commentChar": "#"}


def write_datapackage(editions: Sequence[Edition]) -> bytes:
    """Return the descriptor of all editions of a release; raises IndexError where there is none."""
    first = editions[0]
    package: Tree = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": f"release-{first.number}",
        "id": first.checksum,
        "title": first.title,
        "description": _describe(first),
        "version": f"{first.number}.0.0",
        "created": f"{first.made_on.isoformat()}T00:00:00Z",
        "contributors": [{"title": first.organization, "roles": ["creator", "publisher"]}],
        "sources": [
            {"title": f"{first.organization}: {first.question}"},
            *_official_sources(first),
        ],
        "languages": [edition.language for edition in editions],
        "resources": [resource for edition in editions for resource in _list_tables(edition)],
    }
    if first.link:
        package["homepage"] = first.link
    package["resources"] += [
        _resource(f"release-{first.number}-codebook.csv", write_codebook(first), "text/csv"),
        _resource(f"release-{first.number}.json", write_json(first), "application/json"),
    ]
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _describe(edition: Edition) -> str:
    notes = (f"{heading}\n{text}" for heading, text in edition.notes)
    return "\n\n".join(filter(None, (edition.standing.notice, edition.summary, edition.demands, *notes)))


def _official_sources(edition: Edition) -> Iterator[Tree]:
    told = {(one.publisher, one.title, one.published, one.url) for one in edition.official}
    for publisher, title, published, url in sorted(told):
        source = {"title": ", ".join(filter(None, (publisher, title, published)))}
        yield source | {"path": url} if url else source


def _list_tables(edition: Edition) -> Iterator[Tree]:
    for at, (table, layout) in enumerate(zip(edition.data, edition.tables, strict=True)):
        made = _resource(f"{edition.table_stem(at)}.csv", write_table(edition, at), "text/csv")
        yield made | {
            "type": "table",
            "title": f"{layout.caption}. {layout.subtitle}",
            "language": edition.language,
            "dialect": _DIALECT,
            "schema": {
                "$schema": f"{_PROFILES}/tableschema.json",
                "fields": list(_list_fields(edition, table)),
                "missingValues": [""],
                "primaryKey": list(table.dimensions),
            },
        }
    if edition.official:
        made = _resource(f"{edition.stem}-official_counts.csv", write_official(edition), "text/csv")
        fields = [
            {"name": name, "type": "integer" if name == "count" else "string"} for name in OFFICIAL_COLUMNS
        ]
        shape = {"$schema": f"{_PROFILES}/tableschema.json", "fields": fields}
        yield made | {"type": "table", "language": edition.language, "dialect": _DIALECT, "schema": shape}


def _list_fields(edition: Edition, table: DataTable) -> Iterator[Tree]:
    labels = Labels(edition.language, edition.period, {})
    said = words.read_texts(edition.language)["codebook"]
    for at, name in enumerate(table.dimensions):
        known = {line.codes[at]: line.labels[at] for line in table.lines}
        categories = [{"value": code, "label": label} for code, label in known.items()]
        yield {"name": name, "type": "string", "title": labels.dimension(name), "categories": categories}
        yield {"name": f"{name}_label", "type": "string", "title": labels.dimension(name)}
    counted = {"title": labels.text(edition.unit), "description": said["definition"]["column_count"]}
    yield {"name": "count", "type": "integer", **counted}
    statuses = [{"value": status, "label": said["label"][status]} for status in STATUSES]
    yield {"name": "status", "type": "string", "title": said["label"]["status"], "categories": statuses}


def _resource(path: str, content: bytes, media_type: str) -> Tree:
    stem, _dot, extension = path.rpartition(".")
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": stem,
        "path": path,
        "format": extension,
        "mediatype": media_type,
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
    }

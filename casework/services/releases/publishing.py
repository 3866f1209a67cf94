"""From an approved release to its edition in a language: what the renderers of publications are given."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from casework.domain.languages import ENGLISH, WRITTEN_IN
from casework.domain.official import OfficialCount
from casework.domain.shippedcounts import find_shipped
from casework.reports.labels import Labels
from casework.reports.publication import words
from casework.reports.publication.edition import Edition, Standing
from casework.reports.publication.grids import lay_out, list_data, read_grids
from casework.reports.publication.notes import Facts, list_signs, write_notes, write_notice
from casework.reports.publication.official import list_official
from casework.reports.publication.sentences import Phrasing, write_sentences
from casework.services.context import Context
from casework.services.releases.reading import Published, read_release
from casework.services.statistics.dimensions import get_dimension


def list_languages(published: Published) -> tuple[str, ...]:
    """List the languages that a release was written in: it has a title and a summary there."""
    texts = published.texts
    return tuple(code for code in WRITTEN_IN if texts[code].title and texts[code].summary)


def read_editions(context: Context, release_id: UUID) -> tuple[Edition, ...]:
    """Return the editions of an approved release, one for each of its languages; raises as `read_release`."""
    return edit_all(read_release(context, release_id))


def edit_all(published: Published) -> tuple[Edition, ...]:
    """Put a release in each of its languages."""
    return tuple(edit(published, language) for language in list_languages(published) or (ENGLISH,))


def edit(published: Published, language: str) -> Edition:
    """Put a release in a language; texts that it lacks there stand in the first language that has them."""
    grids = list(read_grids(published.protected, published.tables))
    labels = Labels(language, published.period, {})
    unit, period, organization = published.unit.value, published.period, published.organization
    official = list_official(list_counts_of(published), language)
    tables = tuple(lay_out(grid, labels, unit, period) for grid in grids)
    data = tuple(list_data(grid, labels) for grid in grids)
    return Edition(
        language=language,
        languages=list_languages(published) or (ENGLISH,),
        number=published.number,
        made_on=published.made_on,
        organization=organization,
        checksum=published.checksum,
        content=published.content,
        title=published.text("title", language),
        summary=published.text("summary", language),
        demands=published.text("demands", language),
        link=published.text("link", language),
        question=words.ask(unit, period, language),
        unit=unit,
        period=period,
        threshold=published.protected.told.k,
        zeros_published=published.protected.told.zeros_published,
        tables=tables,
        data=data,
        sentences=write_sentences(grids, Phrasing(organization, unit, period, language)),
        notes=write_notes(_facts(published, bool(official), list_signs(tables, data)), language),
        official=official,
        standing=_stand(published, language),
    )


def list_counts_of(published: Published) -> Sequence[OfficialCount]:
    """List what others counted of a release's time as it was frozen; in older ones, what ships of it."""
    if published.official is not None:
        return published.official
    return [*find_shipped(published.period)]


def _facts(published: Published, has_official: bool, signs: frozenset[str]) -> Facts:
    told = published.protected.told
    return Facts(
        organization=published.organization,
        number=published.number,
        made_on=published.made_on,
        checksum=published.checksum,
        unit=published.unit.value,
        period=published.period,
        threshold=told.k,
        zeros_published=told.zeros_published,
        has_official=has_official,
        signs=signs,
        earlier=published.earlier,
        several=tuple(name for names in published.tables for name in names if get_dimension(name).multiple),
    )


def _stand(published: Published, language: str) -> Standing:
    reasons = published.reasons if published.is_withdrawn else {}
    last = published.successors[-1] if published.successors else None
    standing = Standing(
        published.is_withdrawn,
        reasons,
        published.withdrawn_on,
        published.replaced_by,
        last.is_withdrawn if last else False,
        last.withdrawn_on if last else None,
    )
    return replace(standing, notice=write_notice(standing, language))

"""Hypothesis strategies for the domain's values: whatever a form could have kept."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from casework.domain.act import CODED, KINDS, LIST_OF, Act
from casework.domain.bounds import Amount, Bound
from casework.domain.coded import FIELDS, INCIDENT_FIELDS, PERSON_FIELDS, CodedField, normalise_multi
from casework.domain.countable import Countable
from casework.domain.dates import FIRST_YEAR, LAST_YEAR, Precision, Season, VagueDate
from casework.domain.followup import FollowUpFacts
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.merged import Aside, FollowUpBefore, IncidentBefore, Merged
from casework.domain.moments import Moment
from casework.domain.official import PER_CENT, OfficialCount, Quoted, QuotedAs, Source, is_service
from casework.domain.ownterm import Chosen, choose_terms
from casework.domain.pathway import with_acts
from casework.domain.person import Consent, PersonFacts
from casework.domain.vocabulary import code_list

years = st.integers(FIRST_YEAR, LAST_YEAR)
days = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))

vague_dates = st.one_of(
    st.just(VagueDate.unknown()),
    years.map(lambda year: VagueDate(Precision.YEAR, year)),
    st.builds(lambda year, month: VagueDate(Precision.MONTH, year, month), years, st.integers(1, 12)),
    st.builds(
        lambda year, season: VagueDate(Precision.SEASON, year, season=season), years, st.sampled_from(Season)
    ),
    days.map(VagueDate.on),
)


def own_terms_of(fields: tuple[CodedField, ...]) -> st.SearchStrategy[Chosen]:
    """Draw which own terms were chosen beside the codes: of a field that takes one answer, one."""
    several = [field.name for field in fields if field.multiple]
    single = st.dictionaries(
        st.sampled_from([field.name for field in fields if not field.multiple]),
        st.lists(st.uuids(), max_size=1),
        max_size=2,
    )
    chosen = st.dictionaries(st.sampled_from(several), st.lists(st.uuids(), max_size=3), max_size=2)
    return st.builds(lambda one, more: choose_terms(one | more), single, chosen)


def answers(field: CodedField) -> st.SearchStrategy[str | tuple[str, ...]]:
    """Draw what a form keeps for a field: one code, or several in their order."""
    codes = st.sampled_from(field.codes.codes)
    if not field.multiple:
        return codes
    exclusive = st.sampled_from(sorted(field.codes.exclusive)).map(lambda code: (code,))
    free = st.sampled_from([code for code in field.codes.codes if code not in field.codes.exclusive])
    return exclusive | st.sets(free, max_size=4).map(lambda chosen: normalise_multi(field.name, chosen))


minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
moments_of_acts = st.one_of(st.builds(Moment.on, days, minutes), vague_dates.map(Moment))


@st.composite
def acts_of(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> Act:
    """Draw an act as a form could have given it."""
    kind = draw(st.sampled_from(kinds))
    codes = [code for code in code_list(LIST_OF[kind]).codes if code != "not_asked"]
    coded = {name: draw(st.sampled_from(code_list(listed).codes)) for name, listed in CODED.items()}
    return Act(
        id=draw(st.uuids()),
        kind=kind,
        code=draw(st.sampled_from(codes)),
        when=draw(moments_of_acts),
        people=tuple(draw(st.lists(st.uuids(), unique=True, max_size=2))),
        version=draw(st.integers(1, 9)),
        added_on=draw(days),
        added_by=draw(st.uuids()),
        removed_on=draw(st.none() | days),
        **coded,
    )


participations = st.builds(Participation, st.uuids(), answers(FIELDS["roles"]))

bare_incidents = st.builds(
    IncidentFacts,
    account_of=st.none() | st.uuids(),
    told_apart=st.lists(st.uuids(), unique=True, max_size=2).map(tuple),
    own_terms=own_terms_of(INCIDENT_FIELDS),
    date=vague_dates,
    logged_on=days,
    logged_by=st.uuids(),
    patterns=st.lists(st.uuids(), unique=True, max_size=3).map(tuple),
    rejected=st.lists(st.uuids(), unique=True, max_size=2).map(tuple),
    participations=st.lists(participations, unique_by=lambda part: part.person_id, max_size=3).map(tuple),
    **{field.name: answers(field) for field in INCIDENT_FIELDS},
)

several_acts = st.lists(acts_of(), unique_by=lambda act: act.id, max_size=6)
incidents = st.builds(with_acts, bare_incidents, several_acts)

consents = st.builds(
    Consent,
    answer=st.sampled_from(code_list("consent_answer").codes),
    on=st.none() | st.dates(),
    how=st.sampled_from(code_list("consent_means").codes),
)
moments = st.integers(-(10**9), 7 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
countables = st.builds(Countable, since=st.none() | moments, until=st.none() | moments)

merged = st.builds(
    Merged,
    of=st.lists(st.uuids(), min_size=1, max_size=2).map(tuple),
    on=days,
    by=st.uuids(),
    version=st.integers(1, 9),
    twin=st.none() | st.uuids(),
    incidents=st.lists(
        st.builds(
            IncidentBefore,
            st.uuids(),
            st.lists(participations, max_size=2).map(tuple),
            st.lists(st.tuples(st.uuids(), st.lists(st.uuids(), max_size=2).map(tuple)), max_size=2).map(
                tuple
            ),
        ),
        max_size=2,
    ).map(tuple),
    follow_ups=st.lists(st.builds(FollowUpBefore, st.uuids(), st.uuids()), max_size=2).map(tuple),
)

people = st.builds(
    PersonFacts,
    countable=countables,
    merged=st.none() | merged,
    aside=st.none() | st.builds(Aside, days, st.none() | st.uuids()),
    own_terms=own_terms_of(PERSON_FIELDS),
    consents=st.dictionaries(st.sampled_from(code_list("consent_purpose").codes), consents).map(
        MappingProxyType
    ),
    **{field.name: answers(field) for field in PERSON_FIELDS},
)

zones = st.sampled_from(
    (
        "America/Toronto", "America/St_Johns", "America/Vancouver", "America/Regina", "UTC", "Europe/Paris",
        "Asia/Beirut", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu",
    )
).map(ZoneInfo)  # fmt: skip
# Between the years in which the clocks of these zones change by rule, with their changes in them.
recent_days = st.dates(date(2005, 1, 1), date(2037, 12, 31))
exact_moments = st.builds(Moment.on, recent_days, minutes)
moments = st.one_of(exact_moments, vague_dates.map(Moment))

optional_ids = st.none() | st.uuids()
follow_ups = st.builds(
    FollowUpFacts,
    kind=st.sampled_from(
        [code for code in code_list("follow_up_kind").codes if code not in ("unknown", "not_asked")]
    ),
    when=moments,
    due=st.none() | st.builds(Moment.on, days, st.none() | minutes),
    place=st.sampled_from(code_list("cbsa_action").codes),
    outcome=st.sampled_from(code_list("review_outcome").codes),
    person=optional_ids,
    incident=optional_ids,
    detention=optional_ids,
    assigned_to=optional_ids,
    added_on=days,
    added_by=st.uuids(),
    done_on=st.none() | days,
    done_by=optional_ids,
    deleted_on=st.none() | days,
)


_values = st.decimals(0, 10**6, places=2)
amounts = st.builds(Amount, _values, st.sampled_from(Bound))
counted_amounts = st.builds(Amount, st.integers(0, 10**6).map(Decimal), st.sampled_from(Bound))
_words = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20)
_quoted = st.one_of(
    st.builds(Quoted, st.sampled_from([one for one in QuotedAs if one is not QuotedAs.SHARE]), amounts),
    st.builds(
        Quoted,
        st.just(QuotedAs.SHARE),
        st.builds(Amount, st.decimals(0, 100, places=1), st.sampled_from(Bound)),
        st.none() | st.builds(Amount, st.integers(1, 10**6).map(Decimal), st.sampled_from(Bound)),
    ),
)
_sources = st.builds(
    Source, publisher=_words, title=st.just("") | _words, published=vague_dates, number=st.just("") | _words
)


@st.composite
def _official(draw: st.DrawFn) -> OfficialCount:
    first, last = sorted((draw(days), draw(days)))
    services = [code for code in code_list("police_service").codes if is_service(code)]
    service, measure = draw(st.booleans()), draw(st.booleans())
    return OfficialCount(
        service=draw(st.sampled_from(services)) if service else "",
        service_words="" if service else draw(_words),
        first=first,
        last=last,
        measure=draw(st.sampled_from(code_list("official_measure").codes)) if measure else "",
        measure_words="" if measure else draw(_words),
        unit=draw(st.sampled_from([code for code in code_list("official_unit").codes if code != PER_CENT])),
        amount=draw(counted_amounts),
        source=draw(_sources),
        additive=draw(st.booleans()),
        note=draw(st.just("") | _words),
        quotes=tuple(draw(st.lists(_quoted, max_size=2))),
        state=draw(st.sampled_from(("active", "retired"))),
        batch=draw(st.none() | st.uuids()),
        imported_on=draw(st.none() | days),
        request=draw(st.none() | st.uuids()),
    )


official_counts = _official()

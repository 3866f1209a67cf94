"""The own terms that an import adds: foreseen in the dry run, made with the first row that carries one.

Each is made, or brought back, in a transaction of its own that also says so in its batch; whoever takes the
batch out again retires those that no record carries any more. Nobody deletes a term.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from casework.domain.coded import FIELDS
from casework.domain.ownterm import ACTIVE, Chosen, OwnTerm, TermBook
from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid
from casework.services.context import Context
from casework.services.importing.answers import ReadRow
from casework.services.importing.batches import BatchFacts, seal_batch
from casework.services.importing.finer import (
    NO_WORDS,
    TermWords,
    is_adding,
    is_finer_answer,
    make_new_term,
)
from casework.services.importing.people import split_target
from casework.services.importing.plan import Plan
from casework.services.importing.profiles import Column
from casework.services.ownterms import (
    bring_back_term,
    get_term_book,
    list_carried,
    list_terms,
    put_term,
    retire_term,
)
from casework.services.transactions import transaction
from casework.store.imports import ImportBatch


@dataclass(frozen=True, slots=True, repr=False)
class Foreseen:
    """The own terms by their words as an import would leave them, with those that are not in use yet.

    A new one has the id that it will have if it is made now.
    """

    words: TermWords = NO_WORDS
    new: Mapping[UUID, OwnTerm] = field(default_factory=dict)
    retired: frozenset[UUID] = frozenset()

    def count(self, rows: Iterable[ReadRow]) -> Counter[UUID]:
        """Count the rows that carry each term which is not in use yet."""
        if not self.new:
            return Counter()
        carried = ({term_id for _name, term_id in list_carried_by(row)} for row in rows)
        return Counter(one for terms in carried for one in terms if one in self.new)


def list_carried_by(row: ReadRow) -> list[tuple[str, UUID]]:
    """Return the own terms of a row's incident and people, each with its field."""
    people = (row.person, *(one.person for one in row.others))
    chosen: list[Chosen] = [row.incident.own_terms, *(person.own_terms for person in people)]
    return [(name, term_id) for one in chosen for name, ids in one for term_id in ids]


def foresee_terms(context: Context, plan: Plan, columns: Sequence[Column] = ()) -> Foreseen:
    """Look up the own terms that a plan answers with, and think of those that it adds.

    Of several spellings the one that most cells of the `columns` have gives the name.

    Words that can be no term, and any by somebody who may not add terms, are kept in the narrative instead.
    """
    if not any(_list_finer(plan)):
        return Foreseen()
    book = get_term_book(context)
    wanted = list(_list_wanted(plan, columns)) if context.may(Permission.MANAGE_TERMS) else []
    words = TermWords(book).with_new(wanted)
    new = {one: term for one, term in words.book.terms.items() if book.terms.get(one) != term}
    return Foreseen(words, new, frozenset(new.keys() & book.terms.keys()))


def make_terms(
    context: Context, foreseen: Foreseen, rows: Iterable[ReadRow], find_batch: Callable[[], ImportBatch]
) -> None:
    """Make the terms that these rows carry and that are not in use yet, and note them with their batch.

    `find_batch` is asked inside each transaction. Raises Conflict where the terms were changed meanwhile.
    """
    for term_id in foreseen.count(rows):
        is_back = term_id in foreseen.retired
        try:
            with transaction(context, "own_term.restored" if is_back else "own_term.added") as opened:
                row = find_batch()
                if is_back:
                    bring_back_term(context, opened, term_id)
                else:
                    put_term(context, opened, term_id, foreseen.new[term_id])
                facts = BatchFacts.of(context, row)
                terms = tuple(dict.fromkeys((*facts.terms, term_id.hex)))
                seal_batch(context, row, replace(facts, terms=terms))
        except Invalid:
            raise Conflict("own_term") from None  # its name was given meanwhile: read anew


def retire_made(context: Context, facts: BatchFacts) -> None:
    """Retire the terms that a batch made, but for those that a record carries, as it is or merged."""
    made = {UUID(hex=one) for one in facts.terms}
    if not made or not context.may(Permission.MANAGE_TERMS):
        return
    views = list_terms(context)
    book = TermBook({view.id: view.term for view in views})
    carried = {book.stands_for(one) for one in list_carried(context)}
    for view in views:
        if view.id in made - carried and view.term.state == ACTIVE:
            retire_term(context, view.id, view.version, True)


def _list_finer(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """List the answers that are own terms: of which field, to which value."""
    for target, heading in plan.coded().items():
        name, _person = split_target(target)
        for value, answers in plan.values.get(heading, {}).items():
            yield from ((name, value, one) for one in answers.split() if is_finer_answer(name, one))


def _list_wanted(plan: Plan, columns: Sequence[Column]) -> Iterator[tuple[UUID, OwnTerm]]:
    """List what is to be added, the most frequent spelling first.

    Of two that are as frequent the one that writes capitals where they belong.
    """
    counts = Counter[tuple[str, str]]()
    for column in columns:
        name = split_target(plan.targets.get(column.heading, ""))[0]
        counts.update({(name, value): count for value, count in column.values})

    def rank(one: tuple[str, str, str]) -> tuple[int, bool, tuple[str, str, str]]:
        return -counts[one[0], one[1]], one[1].isupper() or one[1].islower(), one

    for name, value, answer in sorted(_list_finer(plan), key=rank):
        if is_adding(answer):
            with suppress(Invalid):
                yield uuid4(), make_new_term(FIELDS[name].list_name, answer, value)

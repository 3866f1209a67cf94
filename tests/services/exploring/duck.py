"""The same counts by other means: the opened records as tables, and SQL that shares nothing with it."""

# ruff: noqa: E501, S608 - a query is read as a whole; they hold codes and numbers that these tests made

from collections.abc import Iterable
from typing import Any

import duckdb

from casework.domain.coded import FIELDS, INCIDENT_FIELDS, PERSON_FIELDS
from casework.domain.counting import incident_counts
from casework.domain.permissions import Role
from casework.domain.vocabulary import grouping
from casework.services.exploring.questions import Question
from casework.services.statistics.joining import join_incidents
from tests.services.exploring.worlds import MEMBER, World

Cells = dict[tuple[str | None, ...], int]

GROUPED = {
    "contact_group": ("contact_type", "contact_group"),
    "police_level": ("police_service", "level"),
    "city": ("place", "city"),
    "province": ("place", "province"),
    "cbsa_outcome": ("cbsa_actions", "outcome"),
    "citizenship": ("immigration_status", "citizenship"),
    "region": ("region_of_origin", "region"),
}
_OF_PEOPLE = {field.name for field in PERSON_FIELDS} | {"citizenship", "region", "consent", "roles"}

_SCHEMA = """
CREATE TABLE kase (id INT, visible BOOL, binned BOOL, status TEXT);
CREATE TABLE person (id INT, kase INT);
CREATE TABLE person_answer (person INT, field TEXT, code TEXT);
CREATE TABLE same (one INT, other INT);
CREATE TABLE incident (id INT, kase INT, written TEXT, first DATE, last DATE, logged DATE, account_of INT);
CREATE TABLE answer (incident INT, field TEXT, code TEXT);
CREATE TABLE part (incident INT, person INT);
CREATE TABLE part_role (incident INT, person INT, code TEXT);
CREATE TABLE act (incident INT, number INT, kind TEXT, code TEXT, removed BOOL, written TEXT, first DATE);
CREATE TABLE pattern (incident INT, code TEXT);
CREATE TABLE rejected (incident INT, code TEXT);
CREATE TABLE groups (name TEXT, fine TEXT, code TEXT);
CREATE TABLE may_count (incident INT);
CREATE TABLE count_alone (incident INT);
"""

_VIEWS = """
-- What somebody may know of: in lists, or in the bin; an incident that is gone tells of nobody.
CREATE TABLE known AS SELECT incident.id, NOT binned AS listed FROM incident JOIN kase ON kase.id = incident.kase
    WHERE visible;
CREATE TABLE note AS SELECT incident.id, account_of FROM incident WHERE account_of IS NOT NULL
    AND id IN (SELECT id FROM known)
    AND (account_of IN (SELECT id FROM known) OR account_of NOT IN (SELECT id FROM incident));
CREATE TABLE chain AS WITH RECURSIVE led(id, led_to, steps) AS (
    SELECT id, id, 0 FROM known UNION ALL
    SELECT led.id, note.account_of, steps + 1
    FROM led JOIN note ON note.id = led.led_to)
    SELECT id, arg_max(led_to, steps) AS root, max(steps) AS steps FROM led GROUP BY id;
CREATE TABLE account AS SELECT id, root,
    first_value(id) OVER (PARTITION BY root ORDER BY steps, logged, id) AS main,
    steps, logged
    FROM chain JOIN incident USING (id) WHERE id IN (SELECT id FROM known WHERE listed);
CREATE TABLE told AS SELECT id, main,
    row_number() OVER (PARTITION BY main ORDER BY id <> main, logged, id) AS rank FROM account;
CREATE TABLE known_person AS SELECT person.id, NOT binned AS listed FROM person
    JOIN kase ON kase.id = person.kase WHERE visible;
CREATE TABLE link AS SELECT one, other FROM same UNION SELECT other, one FROM same;
CREATE TABLE standing AS WITH RECURSIVE met(id, other) AS (
    SELECT id, id FROM known_person UNION
    SELECT met.id, link.other FROM met JOIN link ON link.one = met.other
        WHERE link.other IN (SELECT id FROM known_person))
    SELECT id, min(other) AS stands FROM met
    WHERE id IN (SELECT id FROM known_person WHERE listed)
      AND other IN (SELECT id FROM known_person WHERE listed) GROUP BY id;
CREATE TABLE taking_part AS SELECT part.incident, part.person, stands, main, rank FROM part
    JOIN told ON told.id = part.incident JOIN standing ON standing.id = part.person;
CREATE TABLE joined_part AS SELECT DISTINCT ON (main, stands) main AS incident, stands, person, incident AS there
    FROM taking_part JOIN part_order USING (incident, person) ORDER BY main, stands, rank, place;
-- Statistics count by the true main account; where an account is closed to who asks, each open one for itself.
CREATE TABLE true_chain AS WITH RECURSIVE led(id, led_to, steps) AS (
    SELECT id, id, 0 FROM incident UNION ALL
    SELECT led.id, incident.account_of, steps + 1 FROM led JOIN incident ON incident.id = led.led_to
        WHERE incident.account_of IS NOT NULL)
    SELECT id, arg_max(led_to, steps) AS root, max(steps) AS steps FROM led GROUP BY id;
CREATE TABLE truly AS SELECT id, root, visible,
    first_value(id) OVER (PARTITION BY root ORDER BY steps, logged, id) AS main
    FROM true_chain JOIN incident USING (id) JOIN kase ON kase.id = incident.kase WHERE NOT binned;
CREATE TABLE counting AS
    SELECT id FROM truly WHERE main IN (SELECT incident FROM may_count)
        AND root NOT IN (SELECT root FROM truly WHERE NOT visible)
    UNION SELECT told.id FROM told JOIN truly USING (id) WHERE root IN (SELECT root FROM truly WHERE NOT visible)
        AND NOT EXISTS (SELECT 1 FROM told beside WHERE beside.main = told.main
                        AND beside.id NOT IN (SELECT incident FROM count_alone));
CREATE TABLE referral AS
    SELECT incident, code FROM act WHERE kind = 'referral' AND NOT removed UNION ALL
    SELECT incident, code FROM answer WHERE field = 'referral_types' AND code NOT IN ('unknown', 'not_asked')
    AND NOT EXISTS (SELECT 1 FROM act WHERE act.incident = answer.incident AND kind = 'referral'
                    AND NOT removed AND act.code = answer.code);
"""

_ROWS = {
    "incidents": "SELECT id AS unit, id AS incident, NULL AS person, NULL AS there, NULL AS code "
    "FROM told WHERE id = main",
    "cases": "SELECT kase, told.id, NULL, NULL, NULL FROM told JOIN incident USING (id)",
    "people": "SELECT stands, incident, person, there, NULL FROM joined_part",
    "referrals": "SELECT row_number() OVER (), incident, NULL, NULL, code FROM referral "
    "WHERE incident IN (SELECT id FROM told WHERE id = main)",
}


class Duck:
    """The tables of a world, asked one question after another."""

    def __init__(self, world: World) -> None:
        self._db = duckdb.connect(config={"threads": 1})
        self._db.execute(_SCHEMA)
        self._fill(world)
        self._db.execute(_VIEWS)

    def count(self, question: Question) -> Cells:
        """Count distinct units in each cell that has any; None in the place of a facet stands for all."""
        self._prepare(question)
        joins = " ".join(
            f"JOIN ({self._facet(question, name)}) f{at} ON f{at}.line = r.line"
            for at, name in enumerate(question.facets)
        )
        codes = [f"f{at}.code" for at in range(len(question.facets))]
        query = f"SELECT {', '.join(codes)}, count(DISTINCT r.unit) FROM kept r {joins} GROUP BY CUBE ({', '.join(codes)})"
        return {tuple(row[:-1]): row[-1] for row in self._db.execute(query).fetchall() if row[-1]}

    def count_vague(self, question: Question) -> int:
        """Count the units that may lie in the period, and may not."""
        self._prepare(question, certain=False)
        return self._one("SELECT count(DISTINCT unit) FROM kept")

    def incidents(self, question: Question) -> set[int]:
        """Return the incidents behind an answer."""
        self._prepare(question)
        return {row[0] for row in self._db.execute("SELECT DISTINCT incident FROM kept").fetchall()}

    def list_codes(self, question: Question, name: str) -> dict[str, set[int]]:
        """Return by each answer to a facet the incidents behind it."""
        self._prepare(question)
        found: dict[str, set[int]] = {}
        query = f"SELECT code, incident FROM kept JOIN ({self._facet(question, name)}) f USING (line)"
        for code, incident in self.ask(query.replace("SELECT code,", "SELECT f.code,")):
            found.setdefault(code, set()).add(incident)
        return found

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask whatever a test wants to know besides."""
        return self._db.execute(query).fetchall()

    def _one(self, query: str) -> int:
        found = self._db.execute(query).fetchone()
        assert found is not None
        return int(found[0])

    def _prepare(self, question: Question, certain: bool = True) -> None:
        rows = f"WITH r(unit, incident, person, there, code) AS ({_ROWS[question.unit]}) "
        self._db.execute(
            "CREATE OR REPLACE TABLE lines AS "
            + rows
            + "SELECT row_number() OVER () AS line, r.*, first, last "
            "FROM r JOIN incident ON incident.id = r.incident"
        )
        begin, end = (f"DATE '{day}'" if day else None for day in (question.first, question.last))
        sure = [f"first >= {begin}"] * bool(begin) + [f"last <= {end}"] * bool(end)
        within = [f"last >= {begin}"] * bool(begin) + [f"first <= {end}"] * bool(end)
        is_sure = " AND ".join(f"coalesce({one}, false)" for one in sure) or "true"
        may_be = " AND ".join(f"coalesce({one}, true)" for one in within) or "true"
        wanted = [is_sure if certain else f"({may_be}) AND NOT ({is_sure})"]
        wanted += ["incident IN (SELECT id FROM counting)"] if question.agreed else []
        for name, codes in question.filters.items():
            listed = ", ".join(f"'{code}'" for code in codes)
            wanted.append(
                f"line IN (SELECT line FROM ({self._facet(question, name)}) WHERE code IN ({listed}))"
            )
        self._db.execute(f"CREATE OR REPLACE TABLE kept AS SELECT * FROM lines WHERE {' AND '.join(wanted)}")

    def _facet(self, question: Question, name: str) -> str:
        """Give the query of all answers, as row and code."""
        if name == "case_status":
            return (
                "SELECT line, status AS code FROM lines JOIN incident i ON i.id = incident "
                "JOIN kase ON kase.id = i.kase"
            )
        if name == "referral_types" and question.unit == "referrals":
            return "SELECT line, code FROM lines"
        if name not in _OF_PEOPLE:
            return f"SELECT line, a.code FROM lines JOIN ({self._of_incident(name)}) a USING (incident)"
        table = "taking_part" if question.unit == "cases" else "joined_part"
        there = "incident" if question.unit == "cases" else "there"
        if question.unit == "people":
            people = "SELECT line, person, there FROM lines"
        else:
            people = f"SELECT line, p.person, p.{there} AS there FROM lines JOIN {table} p USING (incident)"
        if name == "roles":
            found = f"SELECT line, a.code FROM ({people}) p JOIN part_role a ON a.incident = p.there AND a.person = p.person"
        else:
            found = f"SELECT line, a.code FROM ({people}) JOIN ({self._of_person(name)}) a USING (person)"
        return f"{found} UNION ALL SELECT line, 'nobody' FROM lines WHERE line NOT IN (SELECT line FROM ({people}))"

    def _of_incident(self, name: str) -> str:
        if name == "year":
            return (
                "SELECT id AS incident, CASE WHEN written = 'unknown' OR written LIKE '%winter' THEN 'unknown' "
                "ELSE written[1:4] END AS code FROM incident"
            )
        if name == "quarter":
            return (
                "SELECT id AS incident, CASE WHEN regexp_matches(written, '^[0-9]{4}-[0-9]{2}') "
                "THEN written[1:4] || '-Q' || ((written[6:7]::INT + 2) // 3) ELSE 'unknown' END AS code FROM incident"
            )
        if name == "patterns":
            return (
                "SELECT incident, code FROM pattern UNION ALL "
                "SELECT id, 'none' FROM incident WHERE id NOT IN (SELECT incident FROM pattern)"
            )
        if name == "steps":
            detained = "('held_by_police', 'detained_holding_centre', 'detained_provincial_jail', 'detained_elsewhere')"
            told = (
                "SELECT incident, kind, code FROM act WHERE NOT removed UNION "
                "SELECT incident, CASE field WHEN 'referral_types' THEN 'referral' WHEN 'cbsa_actions' "
                "THEN 'cbsa_action' ELSE field END, code FROM answer WHERE code NOT IN ('unknown', 'not_asked')"
            )
            return (
                f"SELECT id AS incident, 'contact' AS code FROM incident UNION "
                f"SELECT incident, kind FROM ({told}) WHERE kind IN ('status_surfaced', 'referral') "
                f"AND code <> 'did_not_come_up' UNION "
                f"SELECT incident, 'detention' FROM ({told}) WHERE kind = 'cbsa_action' AND code IN {detained} UNION "
                f"SELECT incident, 'removal' FROM ({told}) WHERE kind = 'cbsa_action' AND code = 'removed'"
            )
        if name in GROUPED:
            return self._grouped("incident", "answer", name)
        return f"SELECT incident, code FROM answer WHERE field = '{name}'"

    def _of_person(self, name: str) -> str:
        if name in GROUPED:
            return self._grouped("person", "person_answer", name)
        return f"SELECT person, code FROM person_answer WHERE field = '{name}'"

    @staticmethod
    def _grouped(who: str, table: str, name: str) -> str:
        """Give the coarser answers; "unknown" gives way to one that says something."""
        given = (
            f"SELECT DISTINCT {who}, groups.code FROM {table} JOIN groups ON groups.name = '{name}' "
            f"AND groups.fine = {table}.code WHERE field = '{GROUPED[name][0]}'"
        )
        return (
            f"SELECT {who}, code FROM ({given}) g WHERE code <> 'unknown' OR NOT EXISTS "
            f"(SELECT 1 FROM ({given}) o WHERE o.{who} = g.{who} AND o.code <> 'unknown')"
        )

    def _fill(self, world: World) -> None:
        book = world.book
        binned = book.binned.values()
        cases = [*book.cases.values(), *(one.case for one in binned)]
        people = [*book.people.values(), *(person for one in binned for person in one.people)]
        incidents = [*book.incidents.values(), *(incident for one in binned for incident in one.incidents)]
        leads = Role.COORDINATOR in world.roles
        self._insert(
            "kase",
            (
                (one.id.int, MEMBER in one.team or (not one.restricted and (leads or not one.team_only)),
                 one.binned_at is not None, one.facts.status)
                for one in cases
            ),
        )  # fmt: skip
        self._insert("person", ((one.id.int, one.case_id.int) for one in people))
        for one in people:
            answers = {field.name: getattr(one.facts, field.name) for field in PERSON_FIELDS}
            answers["consent"] = one.facts.consents["statistics"].answer
            self._answers("person_answer", one.id.int, answers)
        self._insert("same", ((one.int, other.int) for one, other in book.same_people))
        order = []
        for incident in incidents:
            facts, number = incident.facts, incident.id.int
            span, account = facts.date.span() or (None, None), facts.account_of
            self._insert(
                "incident",
                [(number, incident.case_id.int, facts.date.encode(), *span, facts.logged_on,
                  account.int if account else None)],
            )  # fmt: skip
            self._answers(
                "answer", number, {field.name: getattr(facts, field.name) for field in INCIDENT_FIELDS}
            )
            self._insert("pattern", ((number, one.hex) for one in facts.patterns))
            self._insert("rejected", ((number, one.hex) for one in facts.rejected))
            for place, part in enumerate(facts.participations):
                order.append((number, part.person_id.int, place))
                self._insert("part_role", ((number, part.person_id.int, code) for code in part.roles))
            for at, act in enumerate(facts.acts):
                day, is_gone = act.when.date.span(), act.removed_on is not None
                self._insert(
                    "act",
                    [
                        (
                            number,
                            at,
                            act.kind,
                            act.code,
                            is_gone,
                            act.when.date.encode(),
                            day[0] if day else None,
                        )
                    ],
                )
        self._insert("part", ((number, person) for number, person, _place in order))
        self._db.execute("CREATE TABLE part_order (incident INT, person INT, place INT)")
        self._insert("part_order", order)
        for name, (field, attribute) in GROUPED.items():
            groups = grouping(FIELDS[field].list_name, attribute)
            self._insert("groups", ((name, fine, code) for fine, code in groups.items()))
        self._insert("may_count", ((one.id.int,) for one in join_incidents(book)))
        agreed = {one.id for one in book.people.values() if one.facts.consent("statistics").answer == "given"}
        alone = [one for one in book.incidents.values() if incident_counts(one.facts, agreed)]
        self._insert("count_alone", ((one.id.int,) for one in alone))

    def _answers(self, table: str, number: int, answers: dict[str, Any]) -> None:
        for field, given in answers.items():
            codes = (given,) if isinstance(given, str) else given
            self._insert(table, ((number, field, code) for code in codes))

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        listed = ["(" + ", ".join(_literal(value) for value in row) + ")" for row in rows]
        if listed:
            self._db.execute(f"INSERT INTO {table} VALUES {', '.join(listed)}")


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, bool | int) else f"'{value}'"

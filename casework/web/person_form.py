"""The form of a person who is in a case already."""

from werkzeug.datastructures import MultiDict

from casework.services.context import Context
from casework.services.records import PersonView
from casework.web.comparing import tell_person
from casework.web.forms.cases import PersonForm
from casework.web.forms.people import details_of
from casework.web.threeway import start


def of_fields(context: Context, person: PersonView, fields: MultiDict[str, str] | None) -> PersonForm:
    """Return the form as it was posted or kept; without `fields` as the person stands."""
    shown = details_of(person, context.runtime.today().isoformat()) | {"version": person.version}
    form = PersonForm(formdata=fields, data=shown)
    if fields is None:
        start(form, tell_person(form, person))
    return form

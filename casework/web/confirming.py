"""Takes who one is, once more, from the form of a deed; templates ask with `members/_proof.html`."""

from casework.services.context import Context
from casework.services.signing_in.confirming import confirm
from casework.web.clients import client_address
from casework.web.forms.proof import ProofForm
from casework.web.identity import get_context, member_cookie


def confirmed(form: ProofForm) -> Context:
    """Return the context of a member who has shown once more who they are; raises as `confirm` does.

    Where the form is shown again for something else, it asks for it no more: the code is used up.
    """
    context = confirm(get_context(), member_cookie(), *form.proof(), client_address())
    form.ask(context)
    return context

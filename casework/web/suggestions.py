"""A passphrase proposed to this browser, for pages where somebody chooses one."""

from flask import current_app, make_response, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from casework.services import unfinished
from casework.services.signing_in import passphrases
from casework.web.identity import ceremony_cookie, delete_cookie, runtime, set_cookie
from casework.web.language import language


def find_suggestion() -> str:
    """Return the words proposed to this browser, empty when there are none."""
    return passphrases.find_suggestion(ceremony_cookie())


def render_with_suggestion(template: str, form: FlaskForm, **shown: object) -> Response:
    """Render a page that proposes a passphrase: the same one until another is asked for."""
    cookie, words = passphrases.suggest(runtime(), ceremony_cookie(), language())
    page = render_template(template, form=form, suggestion=words, **shown)
    return _carrying(make_response(page, 400 if form.errors else 200), cookie)


def suggest_another(address: str) -> Response:
    """Propose other words, and lead back."""
    cookie, _words = passphrases.suggest(runtime(), ceremony_cookie(), language(), another=True)
    return _carrying(redirect(address), cookie)


def without_suggestion(answer: Response) -> Response:
    """Forget what was proposed, now that it was taken or is not needed."""
    unfinished.forget(ceremony_cookie())
    delete_cookie(answer, current_app.config["CEREMONY_COOKIE"])
    return answer


def _carrying(answer: Response, cookie: str) -> Response:
    set_cookie(answer, current_app.config["CEREMONY_COOKIE"], cookie)
    return answer

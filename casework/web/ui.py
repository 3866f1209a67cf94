"""What every page shows around its content."""

from dataclasses import dataclass, field, replace

from flask import Flask, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from casework.domain.auditlog import LogAnchor
from casework.domain.permissions import Permission
from casework.errors import CaseworkError
from casework.services.auditing.anchors import find_warning
from casework.services.context import Context
from casework.services.membership.members import get_own_profile
from casework.services.organization import get_organization_profile, is_demonstration
from casework.services.readiness import list_missing_steps
from casework.services.visiting import list_passphrases
from casework.web.identity import find_context
from casework.web.language import SCREEN_LANGUAGES, language

# Endpoint, label, permission: the order of the menu.
MENU = (
    ("home.today", _l("Today"), Permission.READ_CASES),
    ("cases.index", _l("Cases"), Permission.READ_CASES),
    ("incidents.index", _l("Incidents"), Permission.READ_CASES),
    ("explore.index", _l("Explore"), Permission.READ_CASES),
    ("patterns.index", _l("Patterns"), Permission.READ_CASES),
    ("statistics.index", _l("One number"), Permission.COMPOSE_RELEASES),
    ("releases.index", _l("Releases"), Permission.COMPOSE_RELEASES),
    ("members.index", _l("Members"), Permission.READ_MEMBERS),
    ("backups.index", _l("Backups"), Permission.MAKE_BACKUPS),
)

_OF_CASES = (
    "acts",
    "attachments",
    "bin",
    "bundles",
    "casefile",
    "closing",
    "duplicates",
    "followups",
    "history",
    "merging",
    "restricting",
    "stories",
    "unaccompanied",
)
_OF_INCIDENTS = ("accounts", "importing", "imports")
# What stands in the menu for the pages that are not in it themselves.
_UNDER = dict.fromkeys(_OF_CASES, "cases") | dict.fromkeys(_OF_INCIDENTS, "incidents")
_UNDER["views"] = "explore"
_UNDER["server"] = "backups"
_UNDER |= dict.fromkeys(("ownterms", "policies", "reviewing", "signals"), "patterns")
_UNDER |= dict.fromkeys(("publications", "storybook"), "releases")
_UNDER |= dict.fromkeys(("accessrequests", "official", "officiallists"), "statistics")


@dataclass(frozen=True)
class Item:
    """A link of the menu."""

    url: str
    label: str
    current: bool


@dataclass(frozen=True)
class Ui:
    """The object that base.html calls `ui`; docs/interface.md says what each attribute means."""

    language: str
    home_url: str
    language_url: str
    organization_name: str = ""
    member_name: str = ""
    signed_in: bool = False
    navigation: list[Item] = field(default_factory=list)
    account_url: str = ""
    lock_url: str = ""
    sign_out_url: str = ""
    seal_url: str = ""
    is_demonstration: bool = False
    missing_steps: tuple[str, ...] = ()
    log_warning: LogAnchor | None = None
    languages: tuple[tuple[str, str], ...] = tuple(SCREEN_LANGUAGES.items())


def init_app(app: Flask) -> None:
    """Give every template its `ui`."""
    app.context_processor(lambda: {"ui": build_ui()})
    app.jinja_env.globals["told_passphrases"] = list_passphrases


def build_ui() -> Ui:
    """Describe the frame of this request's page; an error page must never fail for its frame."""
    outside = Ui(language(), url_for("home.today"), url_for("auth.choose_language"))
    try:
        context = find_context()
        if context is None:
            return replace(outside, is_demonstration=is_demonstration())
        return _signed_in(context, outside)
    except CaseworkError:
        return outside


def _signed_in(context: Context, outside: Ui) -> Ui:
    if context.is_pending:
        return replace(
            outside,
            signed_in=True,
            member_name=str(gettext("Waiting")),
            sign_out_url=url_for("auth.sign_out"),
        )
    demonstration, enrolled = is_demonstration(), not context.must_enrol
    return replace(
        outside,
        organization_name=get_organization_profile(context).name,
        member_name=get_own_profile(context).display_name,
        signed_in=True,
        navigation=_menu(context) if enrolled else [],
        account_url=url_for("account.show") if enrolled else "",
        lock_url=url_for("auth.lock"),
        sign_out_url=url_for("auth.sign_out"),
        seal_url=url_for("seal.show") if context.may(Permission.SEAL_ORGANIZATION) else "",
        is_demonstration=demonstration,
        missing_steps=tuple(list_missing_steps(context)),
        log_warning=find_warning(context),
    )


def _menu(context: Context) -> list[Item]:
    return [
        Item(url_for(endpoint), str(label), _is_current(endpoint))
        for endpoint, label, permission in MENU
        if context.may(permission)
    ]


def _is_current(endpoint: str) -> bool:
    here = (request.endpoint or "").split(".")[0]
    return _UNDER.get(here, here) == endpoint.split(".")[0]

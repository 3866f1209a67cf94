"""Brings everything that speaks HTTP to the application."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from casework.config import Settings
from casework.web import (
    access,
    accessrequests,
    account,
    accounts,
    acts,
    attachments,
    audit,
    auth,
    backups,
    bin,
    bounds,
    bundles,
    casefile,
    cases,
    clients,
    closed,
    closing,
    deadlines,
    decimals,
    drafts,
    duplicates,
    erasures,
    errors,
    explore,
    followups,
    formwords,
    headers,
    health,
    history,
    home,
    identity,
    importing,
    imports,
    incidents,
    language,
    leaving,
    members,
    merging,
    observing,
    official,
    officiallists,
    origin,
    ownterms,
    ownwords,
    patience,
    patterns,
    policies,
    portability,
    publications,
    recovery,
    releases,
    renewal,
    restricting,
    retention,
    reviewing,
    seal,
    second_factor,
    server,
    sessions,
    setup,
    sheets,
    signals,
    statistics,
    stories,
    storybook,
    stranded,
    ui,
    unaccompanied,
    uploading,
    views,
)

BLUEPRINTS = (
    accessrequests,
    account,
    accounts,
    acts,
    attachments,
    audit,
    auth,
    backups,
    bin,
    bundles,
    casefile,
    cases,
    closing,
    drafts,
    duplicates,
    erasures,
    explore,
    followups,
    health,
    history,
    home,
    importing,
    imports,
    incidents,
    leaving,
    members,
    merging,
    official,
    officiallists,
    ownterms,
    patterns,
    policies,
    portability,
    publications,
    recovery,
    releases,
    renewal,
    retention,
    restricting,
    reviewing,
    seal,
    second_factor,
    server,
    sessions,
    setup,
    sheets,
    signals,
    statistics,
    stories,
    storybook,
    stranded,
    unaccompanied,
    views,
)


def init_app(app: Flask, settings: Settings) -> None:
    """Bring everything that speaks HTTP to the application."""
    observing.init_app(app, settings)
    health.init_app(app)
    closed.init_app(app)
    origin.init_app(app, settings)
    bounds.init_app(app)  # before the form's token is looked for
    csrf = CSRFProtect(app)
    identity.init_app(app, settings)
    language.init_app(app, settings)
    ownwords.init_app(app)
    deadlines.init_app(app)
    formwords.init_app(app)
    decimals.init_app(app)
    headers.init_app(app, settings)
    clients.init_app(app, settings)
    patience.init_app(app)
    errors.init_app(app)
    ui.init_app(app)
    for module in BLUEPRINTS:
        app.register_blueprint(module.pages)
    access.init_app(app)
    uploading.init_app(app, csrf, attachments.add)

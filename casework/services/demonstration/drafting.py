"""Forms that the caseworker of the demonstration has begun and not finished."""

from datetime import timedelta

from casework.services.context import Context
from casework.services.demonstration.sources import drafts
from casework.services.demonstration.wording import curled
from casework.services.drafts import keep_draft, list_drafts

_KIND, _PATH = "incident", "/incidents/new"


def keep_drafts(context: Context) -> None:
    """Keep the drafts, the newest last; does nothing where the member has some."""
    if list_drafts(context):
        return
    today = context.runtime.today()
    for draft in sorted(drafts(), key=lambda one: -one["days_ago"]):
        fields = {name: [text] for name, text in draft["fields"].items()}
        fields["day"] = [(today - timedelta(days=draft["days_ago"])).isoformat()]
        fields["text"] = [curled(draft["fields"]["text"], draft["language"])]
        keep_draft(context, None, _KIND, _PATH, fields)

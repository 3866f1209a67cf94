"""Follow-ups: notes, tasks, hearings, and the detentions whose clock runs."""

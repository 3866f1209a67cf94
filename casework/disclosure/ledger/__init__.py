"""A release made safe together with every release before it (docs/disclosure.md)."""

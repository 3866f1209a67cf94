"""Dated changes of policy of police services and cities, and what the organization's incidents say of them."""

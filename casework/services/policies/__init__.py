"""Dated changes of policy of police services and cities, and what incidents say of them."""

"""The audit log read: browsed, verified, anchored, expired. How it is written: services/audit.py."""

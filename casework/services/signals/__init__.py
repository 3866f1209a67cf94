"""Services, contact groups and cities whose last weeks stand out from their own past."""

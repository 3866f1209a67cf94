"""The search for what to hide: tables that shield, cuts that every safe pattern obeys, cheaper patterns."""

"""Arrays in, protected tables out: statistical disclosure control (docs/disclosure.md).

`frequency` protects any table by itself, `ledger` a release together with all earlier ones, `outsider` shows
what anybody could work out. Whatever goes wrong raises `DisclosureRefused`.
"""

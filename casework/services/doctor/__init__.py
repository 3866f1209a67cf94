"""Whether something is wrong with the server: facts are gathered, and each check judges its own."""

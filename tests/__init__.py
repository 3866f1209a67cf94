"""The tests, in folders that mirror casework/; architecture/ and browser/ look at the whole."""

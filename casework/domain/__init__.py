"""The words and rules of casework; standard library only."""

"""One form a page: they check shape only; what is right, the domain and the services say."""

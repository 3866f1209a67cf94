"""The recovery shares: drawn, tried, renewed, and what a quorum of them opens."""

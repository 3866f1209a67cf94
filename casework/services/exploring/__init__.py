"""The explorer: exact counts of what a member may open, and the incidents behind each of them."""

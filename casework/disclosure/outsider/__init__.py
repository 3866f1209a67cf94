"""What can be worked out from published tables alone, whoever made them; shares no model with the engine."""

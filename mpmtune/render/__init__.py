"""render: a plan to configuration text."""

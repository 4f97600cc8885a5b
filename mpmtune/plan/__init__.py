"""plan: facts and policy to a plan, pure."""

"""Scripts: shown and copied, never run. Templates of them, their parameters, and what is risky about them."""

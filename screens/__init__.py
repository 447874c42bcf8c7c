"""What a person sees: one file and one style sheet per screen. Knows services, never storage."""

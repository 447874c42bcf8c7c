"""The one place that speaks to a language model: client, limits, failures, redaction, money."""

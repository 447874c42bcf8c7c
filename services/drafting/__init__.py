"""Notes and packages made from a session's own records: by a model where one answers, by a template otherwise."""

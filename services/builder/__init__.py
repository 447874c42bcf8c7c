"""The next node of a call that no flow fits: protocol, playbooks, guardrails."""

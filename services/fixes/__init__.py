"""What an engineer finds out about a call: facts, suggested fixes with their scripts, what should have been asked."""

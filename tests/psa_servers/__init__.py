"""Stand-ins for the three PSAs on this machine, written from what is known of them, not from our code."""

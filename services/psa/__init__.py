"""The PSA: tickets, notes, statuses and time of ConnectWise, HaloPSA and Autotask behind one protocol."""

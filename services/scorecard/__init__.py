"""How well a builder of trees leads: scripted calls with a known cause, played against it and marked by rules."""

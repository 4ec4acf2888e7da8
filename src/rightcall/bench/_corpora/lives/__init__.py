"""Whole texts about what is told of people's lives where they call: health, unions, belief, origin, love, children, beside names,
addresses and numbers; and much that sounds like it and is none. Written by somebody who had read neither the rules nor the texts
of the other parts."""

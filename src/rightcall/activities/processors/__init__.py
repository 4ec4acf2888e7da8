"""Processors that take requests by OpenDSR: asked, asked again for days, and believed only by what they sign."""

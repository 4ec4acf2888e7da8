"""Records that are linked, and say more now, or something else: looked at again, so that nothing of them is passed over."""

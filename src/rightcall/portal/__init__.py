"""What those outside see in a browser: the public page, for anyone; and each customer's own page. Works without scripts."""

"""Is it stored safely: what is wrong with how other systems keep data about people."""

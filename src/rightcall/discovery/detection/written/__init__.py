"""What is told in words: names, addresses, and cues of special categories. One pass over the words of a text finds the few that
may begin something; the rest is done around them."""

"""Those who look after a system in which we put nothing right ourselves: they are told, and what they say is kept."""

"""What lies outside Rightcall in life, and is the demo's own here: how a company sends its texts and e-mails, where its people
sign in, and one page that shows both. A server of its own: Rightcall reaches it by its settings alone, as it would the real ones.

Whoever signs in by it is whoever they say they are, so it is no part of a deployment, and listens on this machine alone.
"""

"""A small session recording client (SIPREC SRC): places a call from sound files and reports what the recorder did with it.

For whoever sets up a deployment, and for the demo. It is a stranger to Rightcall: it speaks SIP, RTP and the HTTP API, and
opens none of the house's cupboards.
"""

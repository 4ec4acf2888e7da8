"""Where the API is, under the address of the web server."""

PREFIX = "/api/v1"

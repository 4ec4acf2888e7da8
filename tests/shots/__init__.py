"""The pictures of the documentation, made by `make shots` from the demo's quarter, and looked at before they are kept."""

"""The Merkle tree of RFC 9162."""

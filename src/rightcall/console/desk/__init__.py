"""The agent desk, at `/desk`: what somebody in mid-call sees in two seconds, and does with one key."""

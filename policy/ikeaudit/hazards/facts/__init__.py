"""Facts that several hazards share: each module answers one question about keys, peers, tunnels or releases."""

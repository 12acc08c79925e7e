"""What Penstock costs, measured beside its peers: `python -m benchmarks.run` is the way in."""

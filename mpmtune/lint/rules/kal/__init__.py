"""Rules about keep-alive and time-outs."""

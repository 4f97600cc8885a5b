"""workload: access logs to what a server has to carry."""

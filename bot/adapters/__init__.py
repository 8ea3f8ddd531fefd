"""One vendor each, behind the ports of the services."""

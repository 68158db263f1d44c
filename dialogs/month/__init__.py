"""The month with a worker: her list, the report, her time off."""

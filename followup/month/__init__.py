"""The month's round and the report that it asks for."""

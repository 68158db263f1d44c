"""The local chat: a stand-in for Teams' Bot Connector, a page in front of it, and the same in a terminal."""

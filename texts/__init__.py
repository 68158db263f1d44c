"""The words that people read: the catalogues and what looks them up."""

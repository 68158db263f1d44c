"""What a municipality uploads to Teams: the manifest, its languages and the icons, in one file."""

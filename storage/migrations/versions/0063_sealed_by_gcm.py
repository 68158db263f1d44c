"""texts are sealed by AES-GCM, which a program from before that cannot open: it refuses to start after this"""

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

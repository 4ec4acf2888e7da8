from rightcall.database.migrate import run_sql_beside

revision = "0103"
down_revision = "0102"


def upgrade() -> None:
    run_sql_beside(__file__)
